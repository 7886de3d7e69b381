"""What pictures count that an IP-Adapter reads: by their weights, beside texts and each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.adapters.image_adapter import adapter_scale
from pipeline.networks.text_to_image.adapters.unet_adapters import AdapterFiles
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.tiny_image_adapter import image, sample, save_adapter
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import CPU

# Some schedulers of diffusers make arrays in a way that numpy would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PLACE = Place(CPU, CPU)
TEXT, AWAY = Prompt("a castle at dawn"), Prompt("red sea", weight=-1.0)


def test_several_pictures_are_averaged_by_weight(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    adapter = save_adapter(tmp_path / "adapter", pipeline.unet)
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))
    assert network.pictures is not None
    first, second = (str(image(tmp_path, number)) for number in (3, 4))
    alone = [network.pictures([Prompt(name, image=True)])[0] for name in (first, second)]
    both, away = network.pictures(
        [TEXT, Prompt(first, 0.3, image=True), Prompt(second, 0.1, image=True)]
    )
    for name, expected in (
        (
            "adapter_pictures",
            0.75 * alone[0]["adapter_pictures"] + 0.25 * alone[1]["adapter_pictures"],
        ),
        ("adapter_scale", torch.tensor([0.4])),
    ):
        torch.testing.assert_close(both[name], expected)
    assert not away["adapter_pictures"].any()


@pytest.mark.parametrize(
    ("prompts", "scale"),
    [
        ([TEXT, AWAY], 0.0),
        ([TEXT, Prompt("a.png", 0.5, image=True)], 0.5),
        ([TEXT, Prompt("a.png", 3.0, image=True)], 1.0),
        ([Prompt("a.png", 0.2, image=True)], 1.0),
        ([Prompt("sea", 2.0), Prompt("a.png", 0.5, image=True), AWAY], 0.25),
        ([TEXT, Prompt("a.png", -0.5, image=True)], 0.5),
        ([TEXT, Prompt("a.png", 0.2, image=True), Prompt("b.png", -0.8, image=True)], 0.8),
        ([AWAY, Prompt("b.png", -0.1, image=True)], 1.0),
    ],
)
def test_the_scale_is_the_weight_beside_the_texts(prompts: list[Prompt], scale: float) -> None:
    assert adapter_scale(prompts) == scale


@pytest.fixture(scope="module")
def adapted(tmp_path_factory: pytest.TempPathFactory) -> tuple[TextToImage, str, str]:
    """A network with an adapter, and two pictures for it."""
    folder = tmp_path_factory.mktemp("adapted")
    pipeline = tiny_pipelines.sd_pipeline(folder)
    save_pipeline(folder, pipeline)
    adapter = save_adapter(folder / "adapter", pipeline.unet)
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))
    return network, str(image(folder, 3)), str(image(folder, 4))


@pytest.mark.parametrize(
    ("texts", "wanted", "unwanted", "shares"),
    [
        (1.0, 0.0, -0.5, (0.5, 0.0, 1.0)),
        (1.0, 0.4, -0.01, (0.4, 1.0, 0.025)),
        (1.0, 0.4, -0.4, (0.4, 1.0, 1.0)),
        (1.0, 0.2, -0.8, (0.8, 0.25, 1.0)),
        (1.0, 3.0, -6.0, (1.0, 1.0, 1.0)),
        (0.0, 0.5, -0.1, (1.0, 1.0, 0.2)),
    ],
)
def test_a_negative_picture_counts_by_its_weight(
    adapted: tuple[TextToImage, str, str],
    texts: float,
    wanted: float,
    unwanted: float,
    shares: tuple[float, float, float],
) -> None:
    """Shares are the scale, and of either picture how much of it there is."""
    network, first, second = adapted
    assert network.pictures is not None
    alone = [
        network.pictures([Prompt(name, image=True)])[0]["adapter_pictures"]
        for name in (first, second)
    ]
    prompts = [
        Prompt("a castle", texts),
        Prompt(first, wanted, image=True),
        Prompt(second, unwanted, image=True),
    ]
    shown, hidden = network.pictures([one for one in prompts if one.weight])
    scale, *counts = shares
    for vectors, picture_alone, count in zip((shown, hidden), alone, counts, strict=True):
        torch.testing.assert_close(vectors["adapter_scale"], torch.tensor([scale]))
        torch.testing.assert_close(vectors["adapter_pictures"], count * picture_alone)


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_a_text_fades_into_a_picture_without_a_jump(
    adapted: tuple[TextToImage, str, str], at: float
) -> None:
    """At either end, and in the middle, where the one begins to weigh more than the other."""
    network, shown, _ = adapted

    def painted_at(progress: float) -> Tensor:
        faded = [Prompt("a castle", 1 - progress), Prompt(shown, progress, image=True)]
        return sample(network, *(one for one in faded if one.weight))

    here = painted_at(at)
    near = painted_at(at + (-1e-4 if at else 1e-4))
    far = painted_at(1 - at if at != 0.5 else 0.0)
    assert (near - here).abs().max() < 0.01 * (far - here).abs().max()

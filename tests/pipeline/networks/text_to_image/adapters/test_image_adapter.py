"""IP-Adapters: pictures as prompts, as diffusers reads them; and pictures that nothing reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DiffusionPipeline
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.errors import ModelError
from pipeline.files.png import encode_png
from pipeline.networks.text_to_image.adapters.image_adapter import adapter_scale
from pipeline.networks.text_to_image.adapters.unet_adapters import AdapterFiles
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.spec.adapters import LoraSpec
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.text_to_image.tiny_loras import OF_UNET, halves, save_peft
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import CPU
from tests.pipeline.plans import picture

# Some schedulers of diffusers make arrays in a way that numpy would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PLACE = Place(CPU, CPU)
H, W = 16, 24
TEXT, AWAY = Prompt("a castle at dawn"), Prompt("red sea", weight=-1.0)


def save_adapter(folder: Path, unet: Any, *, width: int = 12, ends: str = ".safetensors") -> Path:
    """An adapter of random numbers for a U-Net, in the published layout, with its encoder."""
    generator = torch.Generator().manual_seed(5)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator) / 3

    cross = unet.config.cross_attention_dim
    proj = {"proj.weight": drawn(4 * cross, width), "proj.bias": drawn(4 * cross)}
    proj |= {"norm.weight": 1 + drawn(cross), "norm.bias": drawn(cross)}
    layers = {}
    keys = [m.to_k for name, m in unet.named_modules() if name.endswith("attn2")]
    for place, key in enumerate(keys):
        for name in ("to_k_ip", "to_v_ip"):
            layers[f"{2 * place + 1}.{name}.weight"] = drawn(key.out_features, cross)
    parts = {"image_proj": proj, "ip_adapter": layers}
    folder.mkdir()
    if ends == ".bin":
        torch.save(parts, folder / "ip-adapter_sd15.bin")
    else:
        flat = {f"{part}.{name}": one for part, own in parts.items() for name, one in own.items()}
        save_file(flat, folder / "ip_adapter.safetensors")
    torch.manual_seed(6)
    config = CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=32,
        projection_dim=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=16,
        patch_size=4,
    )
    CLIPVisionModelWithProjection(config).save_pretrained(folder / "image_encoder")
    return folder


def noise() -> Tensor:
    return torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(9))


def sample(network: TextToImage, *prompts: Prompt, loras: tuple[LoraSpec, ...] = ()) -> Tensor:
    sampler = SamplerSpec("ddim", 4)
    ready = network.for_sampling(sampler, (W, H)).adapted(Added(loras=loras))
    return painted(ready, prompts, sampler, noise(), cfg_scale=4.0)


def theirs(pipeline: DiffusionPipeline, folder: Path, scale: float, **arguments: Any) -> Tensor:
    """The sample of diffusers' pipeline with the adapter in a folder."""
    pipeline.set_progress_bar_config(disable=True)
    (file,) = (path for path in folder.iterdir() if path.is_file())
    pipeline.load_ip_adapter(
        str(folder), "", file.name, image_encoder_folder="image_encoder", low_cpu_mem_usage=False
    )
    pipeline.set_ip_adapter_scale(scale)
    told: dict[str, Any] = {
        **{"num_inference_steps": 4, "guidance_scale": 4.0, "latents": noise()},
        **{"height": H, "width": W, "output_type": "latent"},
    }
    images: Tensor = pipeline(**told, **arguments).images
    return images


def image(folder: Path, number: int) -> Path:
    path = folder / f"{number}.png"
    path.write_bytes(encode_png(picture(number, 16, 16)))
    return path


@pytest.mark.parametrize("kind", ["Stable Diffusion 1", "SDXL"])
def test_a_picture_of_a_text_and_a_picture_is_that_of_diffusers(tmp_path: Path, kind: str) -> None:
    make = {"SDXL": tiny_pipelines.xl_pipeline}.get(kind, tiny_pipelines.sd_pipeline)
    pipeline: Any = make(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    ends = ".bin" if kind == "SDXL" else ".safetensors"
    adapter = save_adapter(tmp_path / "adapter", pipeline.unet, ends=ends)
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))
    shown = image(tmp_path, 3)
    ours = sample(network, TEXT, AWAY, Prompt(str(shown), weight=0.6, image=True))
    plain = load_stable_diffusion(folder, PLACE)
    assert sample(network, TEXT, AWAY).equal(sample(plain, TEXT, AWAY))
    other = theirs(
        pipeline,
        adapter,
        0.6,
        prompt=TEXT.text,
        negative_prompt=AWAY.text,
        ip_adapter_image=Image.open(shown),
    )
    torch.testing.assert_close(ours, other, rtol=0, atol=1e-4)
    assert (ours - sample(plain, TEXT, AWAY)).abs().max() > 0.01


def test_a_lora_and_an_adapter_go_together(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    adapter = save_adapter(tmp_path / "adapter", pipeline.unet)
    file = save_peft(tmp_path / "ink.safetensors", {"unet": halves(pipeline.unet, OF_UNET)})
    files = AdapterFiles(pictures=adapter, loras={"ink": file})
    network = load_stable_diffusion(folder, PLACE, files=files)
    shown = image(tmp_path, 3)
    ours = sample(network, TEXT, Prompt(str(shown), image=True), loras=(LoraSpec("ink", 0.7),))
    pipeline.load_lora_weights(file, adapter_name="ink")
    pipeline.set_adapters(["ink"], [0.7])
    other = theirs(pipeline, adapter, 1.0, prompt=TEXT.text, ip_adapter_image=Image.open(shown))
    torch.testing.assert_close(ours, other, rtol=0, atol=1e-4)


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


def test_a_picture_that_nothing_reads_is_passed_over(tmp_path: Path) -> None:
    """It is for CLIP guidance, which sees it by encoders of its own."""
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    network = load_stable_diffusion(save_pipeline(tmp_path, pipeline), PLACE)
    with_picture = sample(network, TEXT, AWAY, Prompt("nowhere.png", 0.5, image=True))
    assert with_picture.equal(sample(network, TEXT, AWAY))


def test_one_for_another_denoiser_is_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    adapter = save_adapter(tmp_path / "adapter", tiny_pipelines.unet(cross_attention_dim=24))
    with pytest.raises(ModelError, match=r"layers that read \[24\] numbers, and this one has"):
        load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))


def test_other_variants_are_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    adapter = save_adapter(tmp_path / "adapter", pipeline.unet)
    state = {
        "image_proj.latents": torch.zeros(1, 4, 8),
        "ip_adapter.1.to_k_ip.weight": torch.zeros(8, 16),
    }
    save_file(state, adapter / "ip_adapter.safetensors")
    with pytest.raises(ModelError, match="is another variant of an IP-Adapter"):
        load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))


def test_a_folder_without_an_adapter_is_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="holds none where one file of an IP-Adapter is to be"):
        load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=tmp_path / "empty"))

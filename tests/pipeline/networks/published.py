"""Checkpoints with seeded weights, in the format of the published ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from pipeline.catalogue.guided_config import GuidedDiffusionConfig
from pipeline.catalogue.guided_shapes import guided_shapes
from pipeline.catalogue.weight_shapes import Shapes
from pipeline.networks.denoisers.guided_diffusion import GuidedDiffusion, load_guided_diffusion
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from tools.references.perceptual import seeded_heads, seeded_vgg16
from tools.references.seeded import seeded_state

CPU = torch.device("cpu")
EXPECTED = Path(__file__).with_name("expected")
"""What the references give: tools/references says how."""

TINY = GuidedDiffusionConfig(
    image_size=64,
    num_channels=32,
    channel_mult="1,2",
    num_res_blocks=1,
    attention_resolutions="32",
    num_heads=2,
    learn_sigma=True,
)


def save_seeded(path: Path, build: Callable[[], nn.Module]) -> Path:
    """A checkpoint for the network that `build` makes."""
    with torch.device("meta"):
        network = build()
    torch.save(seeded_state(network.state_dict()), path)
    return path


def save_shapes(path: Path, shapes: Shapes) -> Path:
    """A checkpoint with tensors of these shapes: views of one number, so that it is small."""
    torch.save({key: torch.zeros(()).expand(shape) for key, shape in shapes.items()}, path)
    return path


def save_tiny(path: Path) -> Path:
    """A checkpoint that `TINY` fits."""
    return save_shapes(path, guided_shapes(TINY))


def save_lpips(folder: Path, heads: dict[str, Tensor] | None = None) -> tuple[Path, Path]:
    """The two files of LPIPS, seeded: VGG16, with a part that LPIPS leaves out, and the heads."""
    vgg16 = folder / "vgg16.pth", seeded_vgg16() | {"classifier.0.weight": torch.zeros(1)}
    linear = folder / "lpips_vgg.pth", heads or seeded_heads()
    for path, state in (vgg16, linear):
        torch.save(state, path)
    return vgg16[0], linear[0]


def load_seeded(
    folder: Path, config: GuidedDiffusionConfig = TINY, dtype: torch.dtype = torch.float32
) -> GuidedDiffusion:
    """A guided-diffusion network with seeded weights, by way of a file in `folder`."""
    path = save_seeded(folder / "network.pt", lambda: GuidedUNet(config))
    return load_guided_diffusion(path, config, CPU, dtype)

"""Expected LPIPS distances, by the code of the paper's authors, on seeded weights.

    python -m tools.references.perceptual CHECKOUT

CHECKOUT is a copy of github.com/richzhang/PerceptualSimilarity. VGG16's published weights are half
a gigabyte; seeded ones of the same names and shapes show the same arithmetic. The tests make them
again and hold our distance against the file that this writes.
"""

from __future__ import annotations

import importlib
import json
import math
import sys
from pathlib import Path
from types import ModuleType

import torch
from torch import Tensor

EXPECTED = Path(__file__).parents[2] / "tests/pipeline/diffusion/expected/lpips.json"

VGG16 = {0: 64, 2: 64, 5: 128, 7: 128, 10: 256, 12: 256, 14: 256} | dict.fromkeys(
    (17, 19, 21, 24, 26, 28), 512
)
"""Channels of each convolution, by its number in torchvision's VGG16."""
HEADS = (64, 128, 256, 512, 512)


def seeded_vgg16() -> dict[str, Tensor]:
    """The convolutions under torchvision's keys, at a scale that keeps activations alive."""
    generator, state, channels = torch.Generator().manual_seed(1), {}, 3
    for index, width in VGG16.items():
        weight = torch.randn(width, channels, 3, 3, generator=generator)
        state[f"features.{index}.weight"] = weight * math.sqrt(2 / (9 * channels))
        state[f"features.{index}.bias"] = 0.1 * torch.randn(width, generator=generator)
        channels = width
    return state


def seeded_heads() -> dict[str, Tensor]:
    """The heads under the keys of the lpips package's `vgg.pth`; half of the weights are 0."""
    generator = torch.Generator().manual_seed(2)
    return {
        f"lin{index}.model.1.weight": torch.randn(1, width, 1, 1, generator=generator).clamp(min=0)
        for index, width in enumerate(HEADS)
    }


def pictures() -> tuple[Tensor, Tensor]:
    """Two times three pictures, `(3, 3, 40, 48)`: others, a little noise, and the same ones."""
    generator = torch.Generator().manual_seed(3)
    ones = torch.rand(3, 3, 40, 48, generator=generator) * 2 - 1
    others = torch.rand(ones.shape, generator=generator) * 2 - 1
    share = torch.tensor([1.0, 0.1, 0.0]).view(3, 1, 1, 1)
    return ones, torch.lerp(ones, others, share)


def main() -> None:
    """Write the expected distances."""
    _, checkout = sys.argv
    sys.path.insert(0, checkout)
    # The package brings its training loop along, and through it what nothing here needs.
    sys.modules["lpips.trainer"] = ModuleType("lpips.trainer")
    model = importlib.import_module("lpips").LPIPS(net="vgg", pretrained=False, pnet_rand=True)
    state = {_their_name(key): value for key, value in seeded_vgg16().items()} | seeded_heads()
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(key.startswith(("scaling_layer.", "lins.")) for key in missing)
    with torch.no_grad():
        distances = model(*pictures()).flatten().tolist()
    EXPECTED.write_text(json.dumps(distances) + "\n", encoding="utf-8")
    print(distances)


def _their_name(key: str) -> str:
    """The name in the lpips package, whose five slices of VGG16 keep the numbers of its layers."""
    _, index, kind = key.split(".")
    ends = (4, 9, 16, 23, 30)
    part = next(part for part, end in enumerate(ends, start=1) if int(index) < end)
    return f"net.slice{part}.{index}.{kind}"


if __name__ == "__main__":
    main()

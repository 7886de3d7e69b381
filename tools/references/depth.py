"""What the published code of MiDaS answers: `python -m tools.references.depth --help`.

Writes the expected outputs of `tests/pipeline/networks/depth/test_midas_reference.py`. It needs
the code of isl-org/MiDaS (v3.1), of the timm 0.6.12 that it was made with (on Python 3.11, its
maxxvit.py needs `@dataclass(unsafe_hash=True)`), and of
rwightman/gen-efficientnet-pytorch; none of them is a part of this repository, and no weights are
fetched.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import torch
from torch.nn.functional import interpolate

from tools.references.depth_weights import Floats, seeded_frame, seeded_picture, seeded_weight

SIZES: Mapping[str, tuple[int, int]] = {
    "midas_v21_small": (64, 96),
    "midas_v21": (64, 96),
    "midas_v21-reduced": (64, 96),
    "dpt_large": (64, 96),
    "dpt_large-reduced": (96, 128),
    "dpt_hybrid": (64, 96),
    "dpt_hybrid-reduced": (96, 128),
    "dpt_swin2_tiny_256": (256, 256),
}
"""Height and width of the picture of each case: an architecture, perhaps reduced."""

NARROW = {"embed_dim": 64, "num_heads": 4}
"""Options of timm for a reduced transformer, which keeps all its blocks."""

FEW_LAYERS = (1, 1, 1, 1)
"""Blocks in each stage of a reduced ResNeXt."""

FRAME = (120, 200)
"""Height and width of the picture that goes through resizing, network and resizing."""

PICTURES = (
    *((1280, 720), (720, 1280), (512, 512), (768, 448), (640, 480), (300, 280), (1920, 816)),
    *((64, 48), (96, 64), (200, 120), (1000, 250), (384, 240), (384, 272), (576, 384), (400, 100)),
)
"""Widths and heights of pictures; in some, half of 32 pixels are to be rounded."""

CROP = 24


def published_network(case: str) -> Any:
    """The network of a case as MiDaS builds it."""
    blocks = import_module("midas.blocks")
    name, _, reduced = case.partition("-")
    layers = FEW_LAYERS if reduced else (3, 4, 23, 3)
    hub = {"WSL-Images": lambda: _resnext(layers), "gen-efficientnet-pytorch": _efficientnet}
    makers = {f"_make_pretrained_{key}": make for key, make in _NARROWED.items() if reduced}
    with (
        patch.object(torch.hub, "load", lambda repo, *_, **__: hub[repo.split("/")[1]]()),
        patch.dict(vars(blocks), makers),
    ):
        match name:
            case "midas_v21_small":
                make = import_module("midas.midas_net_custom").MidasNet_small
                return make(None, features=64, blocks={"expand": True})
            case "midas_v21":
                return import_module("midas.midas_net").MidasNet(None)
            case _:
                make = import_module("midas.dpt_depth").DPTDepthModel
                return make(None, backbone=_DPT_BACKBONES[name])


def _resnext(layers: tuple[int, ...]) -> Any:
    resnet = import_module("torchvision.models.resnet")
    return resnet.ResNet(resnet.Bottleneck, layers, groups=32, width_per_group=8)


def _efficientnet() -> Any:
    return import_module("geffnet").tf_efficientnet_lite3(pretrained=False, exportable=True)


def _narrow_large(pretrained: bool, use_readout: str, hooks: list[int]) -> Any:
    timms = import_module("timm.models.vision_transformer")
    return import_module("midas.backbones.vit")._make_vit_b16_backbone(
        timms.VisionTransformer(img_size=384, patch_size=16, depth=24, **NARROW),
        features=[256, 512, 1024, 1024],
        hooks=hooks,
        vit_features=NARROW["embed_dim"],
        use_readout=use_readout,
    )


def _narrow_hybrid(pretrained: bool, use_readout: str, hooks: list[int], use_vit_only: bool) -> Any:
    timms = import_module("timm.models.vision_transformer_hybrid")
    return import_module("midas.backbones.vit")._make_vit_b_rn50_backbone(
        timms._create_vision_transformer_hybrid(
            "vit_base_r50_s16_384", backbone=timms._resnetv2((3, 4, 9)), depth=12, **NARROW
        ),
        features=[256, 512, 768, 768],
        hooks=hooks,
        vit_features=NARROW["embed_dim"],
        use_vit_only=use_vit_only,
        use_readout=use_readout,
    )


_NARROWED: Mapping[str, Callable[..., Any]] = {
    "vitl16_384": _narrow_large,
    "vitb_rn50_384": _narrow_hybrid,
}


_DPT_BACKBONES = {
    "dpt_large": "vitl16_384",
    "dpt_hybrid": "vitb_rn50_384",
    "dpt_swin2_tiny_256": "swin2t16_256",
}


def fill(network: Any) -> dict[str, list[int]]:
    """Give every published name its seeded weight; the names and shapes."""
    state = network.state_dict()
    weights = {
        name: torch.from_numpy(seeded_weight(name, tensor.shape))
        for name, tensor in state.items()
        if tensor.is_floating_point() and not name.endswith("attn_mask")
    }
    network.load_state_dict({**state, **weights})
    network.eval()
    return {name: list(tensor.shape) for name, tensor in state.items()}


@torch.no_grad()
def answer(case: str) -> dict[str, Any]:
    """The arrays that are kept of a case."""
    network = published_network(case)
    shapes = fill(network)
    inverse = network(torch.from_numpy(seeded_picture(case, *SIZES[case])))[0].numpy()
    if inverse.std() < 0.02 * inverse.max():
        raise SystemExit(f"{case}: a nearly constant answer compares nothing")
    return {"shapes": json.dumps(shapes), **kept(inverse)}


@torch.no_grad()
def answer_to_frame() -> dict[str, Any]:
    """What the small network answers to a picture of another size than its own."""
    transforms = import_module("midas.transforms")
    resize = transforms.Resize(
        256,
        256,
        resize_target=None,
        keep_aspect_ratio=True,
        ensure_multiple_of=32,
        resize_method="upper_bound",
        image_interpolation_method=cv2.INTER_CUBIC,
    )
    normalise = transforms.NormalizeImage(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
    sample = {"image": seeded_frame(*FRAME) / 255.0}
    given = transforms.PrepareForNet()(normalise(resize(sample)))["image"]
    network = published_network("midas_v21_small")
    fill(network)
    inverse = interpolate(
        network(torch.from_numpy(given)[None])[:, None], FRAME, mode="bicubic", align_corners=False
    )
    return kept(inverse[0, 0].numpy())


def input_sizes() -> dict[str, list[list[int]]]:
    """Input sizes by method: lists of a picture's width and height, and of the network's."""
    resize = import_module("midas.transforms").Resize
    sizes = {}
    for method, side in (("minimal", 384), ("upper_bound", 384), ("upper_bound", 256)):
        chosen = resize(
            side, side, keep_aspect_ratio=True, ensure_multiple_of=32, resize_method=method
        ).get_size
        sizes[f"{method} {side}"] = [
            [width, height, *map(int, chosen(width, height))] for width, height in PICTURES
        ]
    return sizes


def kept(inverse: Floats) -> dict[str, Floats]:
    """What tests compare of an answer `(H, W)`: its middle, and the mean of each row and column."""
    top, left = ((side - CROP) // 2 for side in inverse.shape)
    return {
        "middle": inverse[top : top + CROP, left : left + CROP],
        "rows": inverse.mean(axis=1),
        "columns": inverse.mean(axis=0),
    }


def main() -> None:
    """Write one file for each case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--midas", type=Path, required=True, help="code of isl-org/MiDaS")
    parser.add_argument("--timm", type=Path, required=True, help="folder that holds timm 0.6.12")
    parser.add_argument("--geffnet", type=Path, required=True, help="code of gen-efficientnet")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("cases", nargs="*", help=f"{', '.join(SIZES)}, frame, sizes; all")
    options = parser.parse_args()
    sys.path[:0] = map(str, (options.timm, options.midas, options.geffnet))
    for case in options.cases or [*SIZES, "frame", "sizes"]:
        if case == "sizes":
            path = options.out / "depth_sizes.json"
            path.write_text(json.dumps(input_sizes()) + "\n", encoding="utf-8")
            continue
        arrays = answer_to_frame() if case == "frame" else answer(case)
        np.savez_compressed(options.out / f"depth_{case}.npz", **arrays)
        print(case)


if __name__ == "__main__":
    main()

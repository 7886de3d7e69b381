"""Whether the text encoders of a folder are those of its denoiser. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.pipelines import Family
from pipeline.errors import ModelError

_ASSUMED: Mapping[str, int] = MappingProxyType(
    {"d_model": 512, "hidden_size": 512, "projection_dim": 512}
)
"""What transformers assumes where a configuration says nothing."""


@dataclass(frozen=True, slots=True)
class _Port:
    """Embeddings that a denoiser takes, and what gives them."""

    takes: str
    """Key in the denoiser's configuration: how many numbers an embedding has."""
    given: Sequence[tuple[str, str]]
    """Parts of the folder, with the keys of their configurations: the numbers that they give, one
    behind the other."""
    denoiser: str = "transformer"
    """Part that takes them."""


_PORTS: Mapping[Family, Sequence[_Port]] = MappingProxyType(
    {
        Family.STABLE_DIFFUSION: [
            _Port("cross_attention_dim", [("text_encoder", "hidden_size")], "unet")
        ],
        Family.STABLE_DIFFUSION_XL: [
            _Port(
                "cross_attention_dim",
                [("text_encoder", "hidden_size"), ("text_encoder_2", "hidden_size")],
                "unet",
            )
        ],
        Family.DEEPFLOYD_IF: [_Port("encoder_hid_dim", [("text_encoder", "d_model")], "unet")],
        Family.PIXART: [_Port("caption_channels", [("text_encoder", "d_model")])],
        Family.STABLE_DIFFUSION_3: [
            _Port("joint_attention_dim", [("text_encoder_3", "d_model")]),
            _Port(
                "pooled_projection_dim",
                [("text_encoder", "projection_dim"), ("text_encoder_2", "projection_dim")],
            ),
        ],
        Family.FLUX: [
            _Port("joint_attention_dim", [("text_encoder_2", "d_model")]),
            _Port("pooled_projection_dim", [("text_encoder", "hidden_size")]),
        ],
    }
)


def check_text_ports(folder: Path, family: Family) -> None:
    """Refuse a folder whose denoiser takes embeddings of another length than it is given.

    Only configurations are read. What has none is passed over, such as the T5 that Stable
    Diffusion 3 can do without.

    Raises:
        ModelError: the lengths differ, or a configuration cannot be read.
    """
    for port in _PORTS.get(family, ()):
        path = _config(folder, port.denoiser)
        parts = (port.denoiser, *(part for part, _ in port.given))
        if not all(_config(folder, part).is_file() for part in parts):
            continue
        taken = _value(path, port.takes)
        given = sum(_value(_config(folder, part), key) or 0 for part, key in port.given)
        if taken not in (None, given):
            givers = " and ".join(part for part, _ in port.given)
            raise ModelError(
                f"{path}: {port.takes}: found {taken}; allowed: {given}, the numbers that {givers} "
                "of this folder give; the parts are of different models: fetch the model again"
            )


def _config(folder: Path, part: str) -> Path:
    return folder / part / "config.json"


def _value(path: Path, key: str) -> int | None:
    settings: dict[str, Any] = read_config(path, ForeignConfig).model_dump()
    value = settings.get(key, _ASSUMED.get(key))
    return value if isinstance(value, int) else None

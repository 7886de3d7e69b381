"""Where the weights of an IP-Adapter lie. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from pipeline.catalogue.pipeline_check import check_part
from pipeline.catalogue.weight_shapes import read_shapes
from pipeline.errors import ModelError

_ENDS = (".safetensors", ".bin")


def adapter_file(folder: Path) -> Path:
    """The weights of the IP-Adapter in a folder: `ip_adapter.safetensors`, or the only file there.

    Raises:
        ModelError: there is none, or there are several.
    """
    usual = folder / "ip_adapter.safetensors"
    if usual.is_file():
        return usual
    found = sorted(path for path in folder.glob("ip*adapter*") if path.suffix in _ENDS)
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found) or "none"
    raise ModelError(
        f"{folder}: holds {names} where one file of an IP-Adapter is to be, such as "
        "ip-adapter_sd15.safetensors, with its image_encoder beside it"
    )


def check_adapter(folder: Path) -> None:
    """Look at an IP-Adapter in a folder.

    Raises:
        ModelError: its weights or its encoder are missing or damaged.
    """
    path = adapter_file(folder)
    if path.suffix == ".safetensors":
        read_shapes(path)
    check_part(folder, "image_encoder", "CLIPVisionModelWithProjection")

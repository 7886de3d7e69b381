"""A published folder of a few small files, and the servers that have them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from random import Random

from pipeline.catalogue.publication import Published, Role
from tests.pipeline.catalogue.downloads import serve
from tests.pipeline.catalogue.mirrors import Mirror

UNET, VAE = "unet/weights.safetensors", "vae/weights.safetensors"
FILES: Mapping[str, bytes] = {
    "model_index.json": b'{"_class_name": "StableDiffusionPipeline"}',
    "unet/config.json": b"{}",
    UNET: Random(1).randbytes(200_000),
    VAE: Random(2).randbytes(100_000),
}
"""The files of the folder, by their places in it."""
TOTAL = sum(map(len, FILES.values()))


def part(file: str, mirror: Mirror | None = None, content: bytes | None = None) -> Published:
    """A file of the folder, with its published sum."""
    content = FILES[file] if content is None else content
    return Published(
        name=f"model/{file}",
        role=Role.DENOISER,
        file=f"model/{file}",
        mirrors=(mirror.address,) if mirror else (),
        size=len(content),
        licence="MIT",
        sha256=hashlib.sha256(content).hexdigest(),
        architecture="sd15",
    )


MODEL = Published(
    name="model",
    role=Role.DENOISER,
    file="model",
    mirrors=(),
    size=None,
    licence="MIT",
    sha256="",
    architecture="sd15",
    parts=tuple(map(part, FILES)),
)
"""The folder, which nobody serves."""


@dataclass(frozen=True)
class Hub:
    """A server for each file of the folder."""

    mirrors: Mapping[str, Mirror]

    @property
    def model(self) -> Published:
        """The folder with its addresses."""
        parts = tuple(part(file, mirror) for file, mirror in self.mirrors.items())
        return replace(MODEL, parts=parts)

    def ranges(self) -> dict[str, list[str | None]]:
        """What was asked of the files that were asked for, since it was looked at last."""
        asked = {file: mirror.ranges for file, mirror in self.mirrors.items() if mirror.requests}
        for mirror in self.mirrors.values():
            mirror.requests.clear()
        return asked


def hub(servers: ExitStack, **others: Mirror) -> Hub:
    """All files served, of which `unet` and `vae` may have weights that misbehave."""
    named = {UNET: others.get("unet"), VAE: others.get("vae")}
    return Hub(
        {
            file: serve(servers, named.get(file) or Mirror(content))
            for file, content in FILES.items()
        }
    )

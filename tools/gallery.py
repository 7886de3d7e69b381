"""The pictures of `docs/gallery.md`: `python -m tools.gallery RENDER ...`.

Each render is a folder that is called as its scene, such as `renders/tunnel`; its contact sheet
becomes `docs/gallery/tunnel.jpg`. Only the frames on the sheet are enlarged, so that it may be
made while the rest is still being painted.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import torch

from pipeline.catalogue.network_digests import UPSCALER
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from pipeline.networks.upscaler import load_upscaler
from pipeline.output.composition import View, compose
from pipeline.output.contact_sheet import contact_sheet
from pipeline.output.fit import effective_fit, fitted, place
from pipeline.output.sheet_frames import sheet_frames
from pipeline.run.footage import Footage, read_footage

GALLERY = Path(__file__).parent.parent / "docs" / "gallery"
WIDTH = 1000
"""Pixels of a sheet."""
HEAVIEST = 75_000
"""Bytes of a sheet: all of them together are looked at over slow lines, too."""


def sheet_of(footage: Footage) -> Pixels:
    """The contact sheet of the video that `footage` becomes, by the starter's upscaler."""
    chosen = sheet_frames(footage)
    size = footage.output.size or footage.size
    fit = effective_fit(footage.size, size, footage.output.fit)
    view = View(footage.size, place(footage.size, size, fit))
    upscaler = load_upscaler(UPSCALER, torch.device("cpu"))
    shown = [footage.shown[frame] for frame in chosen.frames]
    large = {
        one.picture: fitted(upscaler.enlarge(read_picture(one.picture)), size, fit)
        for layers in shown
        for one in layers
    }
    pictures = [
        compose([(large[one.picture], one.weight, one.offset) for one in layers], view)
        for layers in shown
    ]
    return contact_sheet(
        pictures, columns=chosen.columns, width=WIDTH, captions=chosen.captions
    )


def as_jpeg(sheet: Pixels) -> bytes:
    """The sheet as the best JPEG that is no heavier than `HEAVIEST`."""
    pixels = cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR)
    for quality in range(90, 0, -5):
        _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if encoded.size <= HEAVIEST:
            return encoded.tobytes()
    raise ValueError(f"no JPEG of this sheet is as light as {HEAVIEST} bytes")


def main() -> None:
    """Put the sheets of the renders that the command line names into the gallery."""
    for render in map(Path, sys.argv[1:]):
        file = GALLERY / f"{render.name}.jpg"
        file.write_bytes(as_jpeg(sheet_of(read_footage(render))))
        print(file)


if __name__ == "__main__":
    main()

"""The sheet of key frames: each look of a video with its shot and its prompts below it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

import numpy as np

from pipeline.files.atomic import write_atomically
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels, encode_png
from pipeline.output.canvas import colour, write
from pipeline.output.contact_sheet import contact_sheet
from pipeline.output.delivery import SHEET
from pipeline.output.fit import fitted
from pipeline.output.lettering import in_lines
from pipeline.output.plot_page import FAINT, INK, PAPER
from pipeline.plan.looks import Look
from pipeline.run.directory import disk_errors
from pipeline.spec.frame import MAIN

_WIDTH, _BELOW = 384, 62
"""Pixels: width of a picture, and height of what is written below it."""
_LINE, _LINES = 15, 3


def make_key_sheet(looks: Sequence[Look], pictures: Sequence[Path], folder: Path) -> Path:
    """Write the sheet into `folder`; `pictures` are the key frames of `looks`.

    Raises:
        RunError: the disk refuses it.
        Error: a picture cannot be read.
    """
    cells = [
        _cell(look, read_picture(picture)) for look, picture in zip(looks, pictures, strict=True)
    ]
    columns = min(3, len(cells))
    sheet = contact_sheet(cells, columns=columns, width=columns * (_WIDTH + 16) + 16)
    path = folder / SHEET
    with disk_errors("write", path):
        write_atomically(path, encode_png(sheet))
    return path


def _cell(look: Look, picture: Pixels) -> Pixels:
    """A key frame with its names below it."""
    height, width, _ = picture.shape
    tall = max(1, round(_WIDTH * height / width))
    cell = np.full((tall + _BELOW, _WIDTH, 3), colour(PAPER), dtype=np.uint8)
    cell[:tall] = fitted(picture, (_WIDTH, tall), "stretch")
    named = "" if look.shot == MAIN else f"{look.shot}, "
    write(cell, f"{named}frame {look.first}", (4, tall + 3), 11, colour(FAINT), bold=True)
    for line, words in enumerate(in_lines(words_of(look), 11, _WIDTH - 8, _LINES - 1)):
        write(cell, words, (4, tall + 3 + (line + 1) * _LINE), 11, colour(INK))
    return cell


def words_of(look: Look) -> str:
    """The prompts of a look in words, with weights where they are not all 1."""
    largest = max(abs(prompt.weight) for prompt in look.prompts)
    named = []
    for prompt in look.prompts:
        text = f"picture {PurePath(prompt.text).name}" if prompt.image else prompt.text
        weight = prompt.weight / largest
        named.append(text if weight == 1 else f"{weight:.2g} {text}")
    return " + ".join(named)

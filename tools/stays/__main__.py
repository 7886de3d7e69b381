"""Measure takes of one scene: `python -m tools.stays --scene FILE --frames DIR [DIR ...]`.

Each folder holds the frames of one run of the scene, as `000000.png` and on; each is a column of
the table. A run that is not finished is measured as far as it is. `--sheet` draws 12 frames of each
take, a row or two for each.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from pipeline.files.png import Pixels
from tools.judge.network import load_judge
from tools.judge.rendering import starter
from tools.stays.report import figures, table
from tools.stays.take import read_take

SHOWN = 12
_LARGER = 3
_COLUMNS = 6


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and write it and the sheet where they are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--scene", type=Path, required=True, help="gives camera and prompts")
    parser.add_argument("--frames", type=Path, nargs="+", required=True)
    parser.add_argument("--names", nargs="+", help="names of the columns, one for each folder")
    parser.add_argument("--table", type=Path, help="file for the table")
    parser.add_argument("--sheet", type=Path, help="PNG file for a contact sheet")
    options = parser.parse_args(arguments)
    names = options.names or [_name(folder) for folder in options.frames]
    if len(set(names)) != len(options.frames):
        parser.error("--names needs a different name for each folder of --frames")
    takes = [read_take(options.scene, folder, starter().depth) for folder in options.frames]
    judge = load_judge()
    measured = {name: figures(take, judge) for name, take in zip(names, takes, strict=True)}
    text = f"{options.scene.stem}\n{table(measured)}\n"
    print(text, flush=True)
    if options.table:
        options.table.write_text(text)
    if options.sheet:
        pages = np.vstack([sheet(take.frames) for take in takes])
        cv2.imwrite(str(options.sheet), cv2.cvtColor(pages, cv2.COLOR_RGB2BGR))


def _name(folder: Path) -> str:
    parts = [part for part in folder.resolve().parts if part not in ("frames", "run")]
    return "/".join(parts[-2:])


def sheet(frames: Sequence[Pixels]) -> Pixels:
    """`SHOWN` frames from the first to the last, in rows of 6, each pixel a block of 3 x 3."""
    chosen = np.linspace(0, len(frames) - 1, SHOWN).round().astype(int)
    cells = [np.kron(frames[k], np.ones((_LARGER, _LARGER, 1), np.uint8)) for k in chosen]
    rows = [np.hstack(cells[k : k + _COLUMNS]) for k in range(0, SHOWN, _COLUMNS)]
    return np.vstack(rows)


if __name__ == "__main__":
    main()

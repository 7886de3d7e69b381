"""Writes the song and what goes with it: `python -m tools.song [--folder scenes/music]`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from tools.song.files import write_drums, write_ogg
from tools.song.mix import mix
from tools.song.words import lrc

FOLDER = Path(__file__).parents[2] / "scenes" / "music"
QUALITY = 0.6
"""Of libvorbis: the best that stays below 400 kB."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Synthesise the song that ships with the scenes.")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    write_ogg(folder / "pulse.ogg", mix(), QUALITY)
    write_drums(folder / "pulse-drums.mid")
    (folder / "pulse.lrc").write_text(lrc(), encoding="utf-8")
    for file in sorted(folder.glob("pulse*")):
        print(f"{file}  {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()

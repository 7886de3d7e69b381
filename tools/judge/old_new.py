"""Two editions of the starter side by side: `python -m tools.judge.old_new --old DIR --new DIR`.

Both paint the same prompts with the same seeds at the preset's own settings, each in its own size
and enlarged by its own upscaler. A folder has `denoiser`, `clip` and `upscaler` side by side, as
`pipeline/catalogue/starter` has. The renders stay in `--work`, where the same command goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from tools.judge.known import Shown
from tools.judge.rendering import enlarged, render_scene, save_sheet
from tools.judge.stills import GATES, Wish, stills_scene
from tools.world.dataset import parse_size
from tools.world.editions import FIRST, SECOND

_HEADLINE = GATES["second"].headlines[0]
ASKED = (
    Shown("a sea of blood, yellow", _HEADLINE),
    *(
        Shown(text, Wish(text, {}))
        for text in (
            "a castle in the snow at dusk",
            "a ship, orange palette",
            "a tree in a meadow at noon",
            "a windmill by day",
            "a mountain by the sea",
            "a balloon above the clouds",
            "a road to the horizon",
            "a ringed planet in space",
            "a lighthouse in thick fog",
            "stars over the sea",
            "a city at night",
        )
    ),
)
"""What both knew, what only the new one has learnt, and landscapes without a subject."""


def old_new_scene(
    wishes: Sequence[Wish], size: tuple[int, int], denoiser: Path
) -> dict[str, object]:
    """The scene of one still of each wish, in a size that the denoiser in a folder can paint."""
    return {
        **stills_scene(wishes, 1, size, {}),
        "models": {"denoiser": str(denoiser.resolve())},
    }


def painted(
    wishes: Sequence[Wish], trained: Path, size: tuple[int, int], folder: Path
) -> list[Pixels]:
    """One picture of each wish by the networks in the folder `trained`, enlarged."""
    scene = old_new_scene(wishes, size, trained / "denoiser")
    _, files = render_scene(scene, folder, trained)
    return enlarged([read_picture(file) for file in files], trained)


def side_by_side(
    captions: Sequence[str], old: Sequence[Pixels], new: Sequence[Pixels]
) -> list[tuple[Pixels, str]]:
    """The cells of a sheet: under each caption the old picture, then the new one."""
    cells: list[tuple[Pixels, str]] = []
    for caption, before, after in zip(captions, old, new, strict=True):
        cells += [(before, f"before: {caption}"), (after, f"now: {caption}")]
    return cells


def main() -> None:
    """Render with both, and write the sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--old", type=Path, required=True, help="folder of the old networks")
    parser.add_argument("--new", type=Path, required=True, help="folder of the new networks")
    parser.add_argument("--old-size", type=parse_size, default=FIRST.size)
    parser.add_argument("--new-size", type=parse_size, default=SECOND.size)
    parser.add_argument("--out", type=Path, default=Path("docs/starter-old-new.jpg"))
    parser.add_argument("--work", type=Path, default=Path("gates/old-new"), help="of the renders")
    options = parser.parse_args()
    wishes, captions = [one.wish for one in ASKED], [one.caption for one in ASKED]
    old = painted(wishes, options.old, options.old_size, options.work / "old")
    new = painted(wishes, options.new, options.new_size, options.work / "new")
    save_sheet(side_by_side(captions, old, new), options.out, columns=6)


if __name__ == "__main__":
    main()

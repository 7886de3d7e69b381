"""The gate of cuts and fades: `python -m tools.judge.cuts --out DIR`.

For each pair of prompts of `cuts.yaml`, alike but in one attribute, a video at the preset's own
settings cuts from the first to the second, and another one fades back. The judge counts in how
many of the frames after the cut, and after the fade, it sees the new attribute, and in how many
stills of the same prompts and the same noise. The same command goes on where it was interrupted.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import yaml

from pipeline.diffusion.image import to_tensor
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from pipeline.plan.crossing import key_picture
from pipeline.render.frame import render_frame
from pipeline.spec.denoise import Crossing
from pipeline.spec.frame import FrameSpec
from tools.judge.network import Judge, load_judge
from tools.judge.rendering import render_scene, starter, write_sheet
from tools.world.editions import OF_TODAY

FIRST_SEED = 11
"""One less than the seed of the first pair."""
PAIRS = Path(__file__).with_name("cuts.yaml")


@dataclass(frozen=True, slots=True)
class Change:
    """How a video goes from one prompt to another; numbers are of frames."""

    begins: int
    """Frame of the key of the new prompt."""
    blend: int
    """Length of the fade, 0 for a cut."""
    after: int = 3
    """Frames that show the new prompt alone."""

    @property
    def done(self) -> int:
        """The first frame that shows the new prompt alone."""
        return self.begins + self.blend


CHANGES: Mapping[str, Change] = {"cut": Change(1, 0), "fade": Change(1, 4)}


@dataclass(frozen=True, slots=True)
class Side:
    """One prompt of a pair, and the value that the attribute has in it."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class PromptPair:
    """Two prompts that differ in one attribute."""

    attribute: str
    first: Side
    second: Side

    def sides(self, change: str) -> tuple[Side, Side]:
        """The old and the new prompt of a `cut`, or of the `fade` back."""
        return {"cut": (self.first, self.second), "fade": (self.second, self.first)}[change]


def read_pairs(path: Path = PAIRS) -> list[PromptPair]:
    """The pairs of the gate."""
    rows = yaml.safe_load(path.read_text())
    return [PromptPair(name, Side(*first), Side(*second)) for name, first, second in rows]


def scene(pair: PromptPair, change: str, seed: int) -> dict[str, object]:
    """The video of a change between the prompts of a pair."""
    (old, new), how = pair.sides(change), CHANGES[change]
    return {
        "video": {"size": list(OF_TODAY.size), "fps": 12, "duration": how.done + how.after},
        "seed": seed,
        "prompts": {0: old.text, how.begins: new.text, "blend": how.blend},
        "camera": {"mode": "2d"},
    }


def film(pair: PromptPair, change: str, seed: int, folder: Path) -> tuple[list[Pixels], Pixels]:
    """The frames of a change, and the still of the first one that shows the new prompt alone."""
    plan, files = render_scene(scene(pair, change, seed), folder)
    frames, done = [read_picture(file) for file in files], CHANGES[change].done
    return frames, _still(plan[done], frames[done], folder / "still.png")


def _still(spec: FrameSpec, frame: Pixels, file: Path) -> Pixels:
    """The picture of the frame's own prompts and noise that grows from no other.

    A frame that grows from none is that itself; else it is rendered once, and kept in `file`.
    """
    if not spec.inputs:
        return frame
    if not file.exists():
        own = Crossing(spec.painting.prompts, spec.frame, 1.0)
        alone = key_picture(spec, spec.painting.crossing or own)
        pixels, _ = render_frame(alone, [], starter(), lambda step: None)
        cv2.imwrite(str(file), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    return read_picture(file)


@dataclass(frozen=True, slots=True)
class Count:
    """How often the judge saw what was asked for."""

    frames: tuple[bool, ...]
    """For each frame after the change, whether it shows the new attribute."""
    still: bool
    """Whether the still does."""


def count(
    judge: Judge, pair: PromptPair, change: str, frames: Sequence[Pixels], still: Pixels
) -> Count:
    """The count of one video."""
    _, new = pair.sides(change)

    def sees(picture: Pixels) -> bool:
        return bool(getattr(judge.verdict(to_tensor(picture)), pair.attribute) == new.value)

    return Count(tuple(map(sees, frames[CHANGES[change].done :])), sees(still))


def summary(counts: Mapping[str, Sequence[Count]]) -> list[str]:
    """A line for each change: shares of frames and of stills, and how many points lie between."""
    lines = []
    for change, found in counts.items():
        seen = [frame for one in found for frame in one.frames]
        frames, stills = sum(seen) / len(seen), sum(one.still for one in found) / len(found)
        lines.append(
            f"after a {change}: {frames:.1%} of {len(seen)} frames, {stills:.1%} of {len(found)} "
            f"stills, {100 * (frames - stills):+.1f} points"
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Film, count, and write the contact sheet, a row for each pair."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=int, help="only so many of them, from the first on")
    options = parser.parse_args(arguments)
    judge, counts, cells = load_judge(), defaultdict[str, list[Count]](list), []
    for number, pair in enumerate(read_pairs()[: options.pairs], start=1):
        for change, how in CHANGES.items():
            folder = options.out / f"{number:02d}-{change}"
            frames, still = film(pair, change, FIRST_SEED + number, folder)
            found = count(judge, pair, change, frames, still)
            counts[change].append(found)
            seen = "".join("-+"[one] for one in found.frames)
            print(f"{folder.name}: {pair.sides(change)[1].text}: {seen}, still {'-+'[found.still]}")
            shown = {"before": frames[0], "still": still, change: frames[how.done]}
            cells += [(one, f"{number} {name}") for name, one in shown.items()]
            cells.append((frames[-1], f"{number} {change} + {how.after - 1}"))
    print("\n".join(summary(counts)), flush=True)
    write_sheet(cells, options.out / "cuts.jpg", columns=8)


if __name__ == "__main__":
    main()

"""The gate of the stills: `python -m tools.judge.stills --out DIR`.

Renders every prompt of `prompts.yaml` with several seeds at the preset's own settings, as one scene
of stills, and prints the judge's count. The same command goes on where it was interrupted. The
judge overcounts: look at the contact sheets that it writes, too.

`--edition` asks what another edition is asked, the third also the prompts of `prompts_styles.yaml`;
`--trained` and `--judge` name networks that are not those that ship, `--guidance` settings that are
not the preset's.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml
from torch import Tensor

from pipeline.diffusion.image import to_tensor
from pipeline.files.pictures import read_picture
from tools.judge.network import WEIGHTS, Judge, agreements, load_judge
from tools.judge.rendering import render_scene, write_sheet
from tools.world.attributes import NONE
from tools.world.editions import EDITIONS, OF_TODAY, SHIPPED

UNCONDITIONAL = {"cfg_scale": 0}
"""Guidance by the gradients of CLIP alone, for which the preset has settings of its own."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A prompt, and what its pictures must show."""

    text: str
    attributes: Mapping[str, str]
    second: str | None = None
    """Another prompt, of the same weight."""

    @property
    def prompt(self) -> object:
        """The one or the two prompts as a scene has them."""
        return self.text if self.second is None else [self.text, self.second]


@dataclass(frozen=True, slots=True)
class Gate:
    """What an edition of the starter is asked."""

    prompts: Path
    headlines: tuple[Wish, ...]
    unsaid: Mapping[str, str] = field(default_factory=dict)
    """What the pictures of `prompts` must show as well, whose prompts name nothing of it."""
    further: Mapping[str, Path] = field(default_factory=dict)
    """More lists of prompts, by the titles of their counts."""

    def lists(self) -> dict[str, list[Wish]]:
        """The wishes of every list, by the titles of the counts; headlines are none of them."""
        plain = [
            replace(wish, attributes={**self.unsaid, **wish.attributes})
            for wish in read_wishes(self.prompts)
        ]
        return {"prompts": plain, **{name: read_wishes(at) for name, at in self.further.items()}}


_LIGHTHOUSE = (
    "A beautiful painting of a singular lighthouse, shining its light across a tumultuous sea of "
)
_HANDS = " by greg rutkowski and thomas kinkade, Trending on artstation."
HEADLINE_WISH = {
    "subject": "lighthouse", "ground": "sea", "scheme": "yellow", "ground_colour": "red"
}  # fmt: skip
_SECOND = Gate(
    Path(__file__).with_name("prompts_second.yaml"),
    tuple(
        Wish(f"{_LIGHTHOUSE}{colour}{_HANDS}", HEADLINE_WISH, "yellow color scheme")
        for colour in ("blood", "red")
    ),
)
# Who names no style wants none.
_PLAIN = {"style": NONE}
GATES: Mapping[str, Gate] = {
    "first": Gate(
        Path(__file__).with_name("prompts.yaml"),
        (Wish(f"{_LIGHTHOUSE}red, yellow color scheme", HEADLINE_WISH),),
    ),
    "second": _SECOND,
    "third": Gate(
        _SECOND.prompts,
        tuple(replace(one, attributes={**HEADLINE_WISH, **_PLAIN}) for one in _SECOND.headlines),
        _PLAIN,
        {"styles": Path(__file__).with_name("prompts_styles.yaml")},
    ),
}
"""By the names of the editions of the painted world."""


def read_wishes(path: Path = GATES[SHIPPED].prompts) -> list[Wish]:
    """The prompts of a gate."""
    return [
        Wish(text, wish) if isinstance(text, str) else Wish(text[0], wish, text[1])
        for text, wish in yaml.safe_load(path.read_text())
    ]


def stills_scene(
    wishes: Sequence[Wish], seeds: int, size: tuple[int, int], guidance: Mapping[str, object]
) -> dict[str, object]:
    """The scene of `seeds` pictures of each wish, one wish after the other."""
    prompts: dict[str | int, object] = {seeds * k: wish.prompt for k, wish in enumerate(wishes)}
    return {
        "video": {"size": list(size), "n_batches": seeds * len(wishes)},
        "prompts": {**prompts, "blend": 0},
        "guidance": dict(guidance),
    }


def render_stills(
    wishes: Sequence[Wish],
    seeds: int,
    folder: Path,
    guidance: Mapping[str, object],
    size: tuple[int, int] = OF_TODAY.size,
    trained: Path | None = None,
) -> list[list[Path]]:
    """The pictures of each wish, `seeds` of them; `folder` becomes a run."""
    _, files = render_scene(stills_scene(wishes, seeds, size, guidance), folder, trained)
    return [files[seeds * k : seeds * (k + 1)] for k in range(len(wishes))]


def count(
    judge: Judge, wishes: Sequence[Wish], pictures: Sequence[Sequence[Path]]
) -> dict[str, list[bool]]:
    """For each attribute that the judge knows, whether each picture that should have it has it."""
    return judged(
        judge,
        (
            (wish, to_tensor(read_picture(file)))
            for wish, files in zip(wishes, pictures, strict=True)
            for file in files
        ),
    )


def judged(judge: Judge, shown: Iterable[tuple[Wish, Tensor]]) -> dict[str, list[bool]]:
    """The `count` of wishes, each with a picture `(1, 3, H, W)`."""
    found: dict[str, list[bool]] = defaultdict(list)
    for wish, picture in shown:
        for name, right in agreements(judge, wish.attributes, picture).items():
            found[name].append(right)
    return found


def report_count(title: str, found: Mapping[str, Sequence[bool]]) -> None:
    """Print shares and numbers."""
    shares = [
        f"{name} {sum(right) / len(right):.3f} ({sum(right)} of {len(right)})"
        for name, right in found.items()
    ]
    print(f"{title}: {', '.join(shares)}", flush=True)


def rounds(
    gate: Gate, seeds: int
) -> Iterator[tuple[str, Sequence[Wish], int, Mapping[str, object]]]:
    """The title of each count, its wishes, the seeds of each wish, and the guidance."""
    lists = gate.lists()
    yield "headline", gate.headlines, 8, {}
    for title, wishes in lists.items():
        yield title, wishes, seeds, {}
    alone = "prompts, CLIP gradients alone"
    yield alone, lists["prompts"], max(1, seeds // 2), UNCONDITIONAL


def main() -> None:
    """Render, count, and write the contact sheets."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--edition", choices=GATES, default=SHIPPED, help="of the world")
    parser.add_argument("--trained", type=Path, help="folder of denoiser, clip, depth and upscaler")
    parser.add_argument("--judge", type=Path, default=WEIGHTS)
    parser.add_argument("--guidance", type=yaml.safe_load, default={}, help="as in a scene")
    options = parser.parse_args()
    gate, judge = GATES[options.edition], load_judge(options.judge)
    size = EDITIONS[options.edition].size
    for name, asked, seeds, guidance in rounds(gate, options.seeds):
        folder = options.out / name.replace(",", "").replace(" ", "-").lower()
        told = {**guidance, **options.guidance}
        pictures = render_stills(asked, seeds, folder, told, size, options.trained)
        report_count(name, count(judge, asked, pictures))
        cells = [
            (read_picture(file), wish.text[:34])
            for wish, files in zip(asked, pictures, strict=True)
            for file in files
        ]
        write_sheet(cells, folder.with_suffix(".jpg"), columns=8, trained=options.trained)


if __name__ == "__main__":
    main()

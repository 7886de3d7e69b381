"""The gate of the stills: `python -m tools.judge.stills --out DIR`.

Renders every prompt of `prompts.yaml` with several seeds at the preset's own settings, as one scene
of stills, and prints the judge's count. The same command goes on where it was interrupted. The
judge overcounts: look at the contact sheets that it writes, too.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.diffusion.image import to_tensor
from pipeline.files.pictures import read_picture
from tools.judge.network import Judge, agreements, load_judge
from tools.judge.rendering import render_scene, write_sheet

PROMPTS = Path(__file__).with_name("prompts.yaml")
HEADLINE = (
    "A beautiful painting of a singular lighthouse, shining its light across a tumultuous sea of "
    "red, yellow color scheme"
)
HEADLINE_WISH = {
    "subject": "lighthouse", "ground": "sea", "scheme": "yellow", "ground_colour": "red"
}  # fmt: skip
UNCONDITIONAL = {"cfg_scale": 0, "clip_guidance_scale": 1000, "clamp_max": 0.15}
"""Guidance by the gradients of CLIP alone, which then needs a firmer hand."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A prompt, and what its pictures must show."""

    text: str
    attributes: Mapping[str, str]


def read_wishes(path: Path = PROMPTS) -> list[Wish]:
    """The prompts of the gate."""
    return [Wish(text, wish) for text, wish in yaml.safe_load(path.read_text())]


def render_stills(
    wishes: Sequence[Wish], seeds: int, folder: Path, guidance: Mapping[str, object]
) -> list[list[Path]]:
    """The pictures of each wish, `seeds` of them; `folder` becomes a run."""
    prompts: dict[str | int, object] = {seeds * k: wish.text for k, wish in enumerate(wishes)}
    scene = {
        "video": {"size": [96, 64], "n_batches": seeds * len(wishes)},
        "prompts": {**prompts, "blend": 0},
        "guidance": dict(guidance),
    }
    _, files = render_scene(scene, folder)
    return [files[seeds * k : seeds * (k + 1)] for k in range(len(wishes))]


def count(
    judge: Judge, wishes: Sequence[Wish], pictures: Sequence[Sequence[Path]]
) -> dict[str, list[bool]]:
    """For each attribute, whether each picture that should have it has it."""
    found: dict[str, list[bool]] = defaultdict(list)
    for wish, files in zip(wishes, pictures, strict=True):
        for file in files:
            verdict = judge.verdict(to_tensor(read_picture(file)))
            for name, right in agreements(wish.attributes, verdict).items():
                found[name].append(right)
    return found


def report_count(title: str, found: Mapping[str, Sequence[bool]]) -> None:
    """Print shares and numbers."""
    shares = [
        f"{name} {sum(right) / len(right):.3f} ({sum(right)} of {len(right)})"
        for name, right in found.items()
    ]
    print(f"{title}: {', '.join(shares)}", flush=True)


def main() -> None:
    """Render, count, and write the contact sheets."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=4)
    options = parser.parse_args()
    judge, wishes = load_judge(), read_wishes()
    headline = [Wish(HEADLINE, HEADLINE_WISH)]
    for name, asked, seeds, guidance in (
        ("headline", headline, 8, {}),
        ("prompts", wishes, options.seeds, {}),
        ("prompts, CLIP gradients alone", wishes, max(1, options.seeds // 2), UNCONDITIONAL),
    ):
        folder = options.out / name.replace(",", "").replace(" ", "-").lower()
        pictures = render_stills(asked, seeds, folder, guidance)
        report_count(name, count(judge, asked, pictures))
        cells = [
            (read_picture(file), wish.text[:34])
            for wish, files in zip(asked, pictures, strict=True)
            for file in files
        ]
        write_sheet(cells, folder.with_suffix(".jpg"), columns=8)


if __name__ == "__main__":
    main()

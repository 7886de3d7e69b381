"""Some frames of a render made again, and what they differ in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from keyframes.time_words import counted
from pipeline.cli.loading import Machine
from pipeline.cli.logs import logging_console
from pipeline.cli.planned import planned
from pipeline.scene.composing.choice import Choice

if TYPE_CHECKING:
    from pipeline.render.again import Comparison

_LISTED = 5
"""Frames that are named."""


def compare_sample(
    folder: Path, scene: Path, choice: Choice, count: int, machine: Machine
) -> list[Comparison]:
    """Render `count` frames of the render of `scene` in `folder` again, and compare them.

    Nothing is saved. Raises Error if the scene or the networks cannot be read, or no frame in the
    folder is what the scene makes.
    """
    from pipeline.cli.progress import progress
    from pipeline.render.again import compared
    from pipeline.run.sampling import sample

    read = planned(scene, choice, folder)
    loading, prints = machine.loading(read.plan)
    chosen = sample(folder, read.plan, prints, count)
    # A card is told to add up in one order, if the render was, before anything is loaded.
    loading.platform()
    networks = loading.load()
    found: list[Comparison] = []
    with progress(logging_console(), total=len(chosen.specs), done=0) as report:
        started = perf_counter()
        for one in compared(chosen, networks):
            report(len(found), perf_counter() - started)
            found.append(one)
            started = perf_counter()
    return found


def sample_lines(found: Sequence[Comparison]) -> Iterator[str]:
    """What came out, in the lines of `verify`."""
    other = [one for one in found if one.most]
    same = f"{len(found) - len(other)} of {counted(len(found), 'frame')}"
    yield f"  sample   {same} rendered again, pixel for pixel"
    for one in other[:_LISTED]:
        yield (
            f"           frame {one.frame}: {one.share:.1%} of the pixels are others, by up to "
            f"{counted(one.most, 'level')} of 255, {one.mean:.2g} in the mean"
        )


def sample_data(found: Sequence[Comparison]) -> list[dict[str, object]]:
    """What came out, for programs."""
    return [
        {"shot": one.frame.shot, "frame": one.frame.frame, "most": one.most}
        | {"mean": one.mean, "share": one.share}
        for one in found
    ]

"""`discoreel verify`: whether a render is whole, and goes on exactly here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.time_words import counted
from pipeline.cli.journal_words import journal_line
from pipeline.cli.loading import Machine, Memory
from pipeline.cli.models import ModelsDir
from pipeline.cli.options import (
    Device,
    OnDevice,
    ProfileName,
    RunFolder,
    SetSettings,
    choice_of,
)
from pipeline.cli.terminal import say
from pipeline.cli.threads import inherited_threads, settle_threads
from pipeline.cli.verify_sample import compare_sample, sample_data, sample_lines
from pipeline.errors import Error

if TYPE_CHECKING:
    from pipeline.render.again import Comparison
    from pipeline.run.verify import Verification
    from pipeline.spec.platform import Platform

AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]

Sampled = Annotated[
    int | None,
    typer.Option("--sample", metavar="N", min=1, help="Render N frames again, and compare them."),
]
OfScene = Annotated[
    Path | None,
    typer.Option("--scene", metavar="SCENE", help="The scene of the render, for --sample."),
]

_LISTED = 5
"""Frames that are named."""


def verify(
    folder: RunFolder,
    device: OnDevice = Device.AUTO,
    json_: AsJson = False,
    sample: Sampled = None,
    scene: OfScene = None,
    models_dir: ModelsDir = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Read every frame back, and say what is damaged.

    Says also whether the render goes on exactly here, or what computed it differs.

    Exit code 1 if a frame is damaged, missing where others grow from it, or comes out differently.
    """
    from pipeline.run.verify import verify as read_back

    if (sample is None) != (scene is None):
        raise Error("--sample renders frames again by their scene; give both, --sample and --scene")
    found = read_back(folder)
    settle_threads(inherited_threads(folder))
    here = _here(device)
    again: list[Comparison] = []
    if sample is not None and scene is not None:
        exact = any(one.deterministic for one in found.platforms if one is not None)
        machine = Machine(device, Memory.NORMAL, models_dir, deterministic=exact)
        again = compare_sample(folder, scene, choice_of(profile, settings), sample, machine)
    if json_:
        say(json.dumps(_data(found, here) | {"sample": sample_data(again)}, indent=1))
    else:
        lines = (*_lines(found, here), *(sample_lines(again) if again else ()))
        say("\n".join((f"{folder}:", *lines)))
    _raise_faults(found, again)


def _raise_faults(found: Verification, again: Sequence[Comparison]) -> None:
    """Raise Error if a frame is at fault, or came out differently."""
    if found.faults:
        named = "; ".join(f"frame {one.frame}: {one.words}" for one in found.faults[:_LISTED])
        more = "; ..." if len(found.faults) > _LISTED else ""
        raise Error(
            f"{named}{more}; the next render makes them again, and adopt keeps what you painted"
        )
    if other := [one for one in again if one.most]:
        raise Error(
            f"{len(other)} of {counted(len(again), 'frame')} came out differently here; the render "
            "goes on exactly where it was computed"
        )


def _here(device: Device) -> Platform:
    from pipeline.networks.devices import pick_device
    from pipeline.networks.platform import platform_of

    return platform_of(pick_device(device))


def _lines(found: Verification, here: Platform) -> Iterator[str]:
    from pipeline.run.verify import differences

    yield f"  frames   {found.whole} of {found.planned} whole, {len(found.faults)} at fault"
    yield from journal_line(found.known)
    if found.again:
        named = ", ".join(map(str, found.again[:_LISTED])) + ", ..." * (len(found.again) > _LISTED)
        yield f"  in fp32  {named}: rendered again, as they went wrong in less"
    for platform, count in found.platforms.items():
        yield f"  made on  {platform or 'what is not known'}: {counted(count, 'frame')}"
    known = [one for one in found.platforms if one is not None]
    others = [one for one in known if one.machine != here]
    for one in others:
        yield f"  differs  {'; '.join(differences(one, here))}"
    if not others:
        yield f"  here     {_goes_on(known)}{_UNSURE if None in found.platforms else ''}"


_UNSURE = ", as far as the journal says"


def _goes_on(platforms: Sequence[Platform]) -> str:
    """How a render goes on here whose frames were computed here, in words."""
    if not all(one.is_exact for one in platforms):
        return "goes on here, but for last bits: a card is exact with --deterministic only"
    asked = any(one.deterministic for one in platforms)
    return f"goes on exactly here{', with --deterministic' if asked else ''}"


def _data(found: Verification, here: Platform) -> dict[str, object]:
    return {
        "planned": found.planned,
        "whole": found.whole,
        "faults": [
            {"shot": one.frame.shot, "frame": one.frame.frame, "found": one.words}
            for one in found.faults
        ],
        "unknown": [{"shot": one.shot, "frame": one.frame} for one in found.known.unknown],
        "found_again": [{"shot": one.shot, "frame": one.frame} for one in found.known.found],
        "again_in_fp32": [{"shot": one.shot, "frame": one.frame} for one in found.again],
        "platforms": [
            {"platform": one and str(one), "frames": count, "here": one and one.machine == here}
            for one, count in found.platforms.items()
        ],
        "here": str(here),
    }

"""`discoreel status`: how far a render is, without waiting for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted_path
from keyframes.time_words import clock_time, counted
from pipeline.cli.journal_words import journal_data, journal_line
from pipeline.cli.options import RunFolder
from pipeline.cli.terminal import say

if TYPE_CHECKING:
    from pipeline.run.holder import Holder
    from pipeline.run.status import Status
    from pipeline.spec.frame import FrameId

AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]

_LISTED = 5
"""Damaged frames that are named."""


def status(folder: RunFolder, json_: AsJson = False) -> None:
    """Say how far a render is.

    Frames, shots, what comes next, who renders, time left; also while it runs.
    """
    from pipeline.run.status import read_status

    found = read_status(folder)
    if json_:
        say(json.dumps(_data(found), indent=1))
        return
    say("\n".join((f"{folder}: {_head(found)}", *_lines(found))))


def _head(found: Status) -> str:
    manifest = found.manifest
    size = f"{manifest.width} x {manifest.height} pixels"
    return f"{counted(found.planned, 'frame')}, {size}, {float(_fps(found)):.5g} frames a second"


def _fps(found: Status) -> float:
    from fractions import Fraction

    return float(Fraction(found.manifest.fps))


def _lines(found: Status) -> Iterator[str]:
    missing = found.planned - found.saved
    there = "all are there" if not missing else f"{missing} missing"
    yield f"  frames   {found.saved} of {found.planned} saved, {there}"
    yield from journal_line(found.known)
    if found.damaged:
        named = ", ".join(map(str, found.damaged[:_LISTED]))
        more = ", ..." if len(found.damaged) > _LISTED else ""
        yield f"  damaged  {named}{more}; the next render makes them again"
    if len(found.shots) > 1:
        for label, shot in zip(_labels("shots"), found.shots, strict=False):
            yield f"  {label:<8} {shot.name}: {shot.saved} of {shot.planned}"
    if found.following is not None:
        yield f"  next     frame {found.following}"
    if found.seconds is not None:
        left = f"; {clock_time(found.seconds_left or 0)} left" if missing else ""
        yield f"  time     {found.seconds:.3g} s a frame of late{left}"
    yield f"  writer   {_writer(found.holder)}"
    for label, words in zip(_labels("by hand"), _by_hand(found), strict=False):
        yield f"  {label:<8} {words}"
    for label, one in zip(_labels("takes"), found.takes, strict=False):
        yield f"  {label:<8} {counted(len(one.frames), 'frame')} in {quoted_path(one.folder)}"


def _by_hand(found: Status) -> Iterator[str]:
    """What a person has done to frames: each stretch of one shot that has one word on a line."""
    words = {frame: one.words for frame, one in found.kept.items()}
    words |= {
        frame: "; ".join(filter(None, (words.get(frame), f"redone with seed {seed}")))
        for frame, seed in found.seeds.items()
    }
    places = enumerate(sorted(words, key=lambda frame: (frame.shot, frame.frame)))
    for _, same in groupby(places, lambda pair: _stretch(pair, words)):
        frames = [frame for _, frame in same]
        which = f"{frames[0]}" if len(frames) == 1 else f"{frames[0]} to {frames[-1]}"
        yield f"{which}: {words[frames[0]]}"


def _stretch(pair: tuple[int, FrameId], words: Mapping[FrameId, str]) -> tuple[str, int, str]:
    """What neighbours have in common that are told on one line."""
    place, frame = pair
    return frame.shot, frame.frame - place, words[frame]


def _labels(first: str) -> Iterator[str]:
    """The label of the first line, and nothing on those below it."""
    yield first
    while True:
        yield ""


def _writer(holder: Holder | None) -> str:
    if holder is None:
        return "nobody renders here"
    since = _date(holder.since)
    if holder.alive is False:
        return f"nobody any more: {holder.words}, since {since}, was stopped; render continues"
    seen = "" if holder.seen is None else f", its last sign of life was at {_date(holder.seen)}"
    known = "" if holder.alive else f"; whether it still runs is not known here{seen}"
    return f"{holder.words}, since {since}{known}"


def _date(time: float) -> str:
    return datetime.fromtimestamp(time).strftime("%Y-%m-%d %H:%M:%S")


def _data(found: Status) -> dict[str, object]:
    manifest, holder = found.manifest, found.holder
    return {
        "title": manifest.title,
        "size": [manifest.width, manifest.height],
        "fps": manifest.fps,
        "planned": found.planned,
        "saved": found.saved,
        "damaged": [{"shot": one.shot, "frame": one.frame} for one in found.damaged],
        "shots": [
            {"name": one.name, "planned": one.planned, "saved": one.saved} for one in found.shots
        ],
        "journal": journal_data(found.known),
        "next": None
        if found.following is None
        else {"shot": found.following.shot, "frame": found.following.frame},
        "seconds_a_frame": found.seconds,
        "seconds_left": found.seconds_left,
        "writer": None
        if holder is None
        else {"process": holder.words, "since": holder.since, "alive": holder.alive}
        | {"seen": holder.seen},
        "takes": [
            {"number": one.number, "folder": str(one.folder), "made": one.made}
            | {"reason": one.reason, "frames": len(one.frames)}
            for one in found.takes
        ],
    } | _by_hand_data(found)


def _by_hand_data(found: Status) -> dict[str, object]:
    return {
        "kept": [
            {"shot": frame.shot, "frame": frame.frame, "painted": one.painted}
            | {"reason": one.reason}
            for frame, one in found.kept.items()
        ],
        "seeds": [
            {"shot": frame.shot, "frame": frame.frame, "seed": seed}
            for frame, seed in found.seeds.items()
        ],
    }

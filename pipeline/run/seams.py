"""Seams of a render: frames that would go on from what another platform has computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.errors import RunError
from pipeline.files.json_text import read_json
from pipeline.run.computed_on import only_platform
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import FrameRecord
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.platform import Platform

_LAST_LINE = 1_000_000
"""Bytes at the end of a journal in which its last line lies."""


def refuse_seams(
    missing: Iterable[FrameSpec], records: Mapping[FrameId, FrameRecord], platform: Platform
) -> None:
    """Raise RunError if one of the `missing` frames grows from one that is not of `platform`.

    It would not be the bytes of a render that nobody interrupted. Frames of earlier releases do
    not say what they were computed on, and are not asked.
    """
    for spec in missing:
        for earlier in spec.earlier:
            record = records.get(earlier)
            before = platform if record is None else record.platform or platform
            if before != platform:
                raise RunError(_words(spec.id, earlier, before, platform))


def _words(frame: FrameId, grown: FrameId, before: Platform, now: Platform) -> str:
    if before.machine == now.machine:
        return _otherwise(frame, grown, before)
    alike = before.device == now.device
    exact = f"--threads {before.threads} goes on exactly; " if alike else ""
    return (
        f"frame {frame} would grow from frame {grown}, which was computed on {before}; here it is "
        f"{now}, which rounds otherwise: the pictures would not be those of an undisturbed render. "
        f"{exact}--accept-machine goes on with what is here; another --out begins anew"
    )


def _otherwise(frame: FrameId, grown: FrameId, before: Platform) -> str:
    """What is told where the machine is one, and only some frames ask it for determinism."""
    was, way = ("without", "leave it out") if not before.deterministic else ("with", "add it")
    return (
        f"frame {frame} would grow from frame {grown}, which was computed {was} --deterministic, "
        f"and rounds otherwise: {way}; --accept-machine goes on nevertheless; another --out begins "
        "anew"
    )


def threads_of(folder: Path) -> int | None:
    """The threads that computed the frame that was saved last in `folder`; None if unknown.

    Reads no more of the journal than its end, and finds no fault with it. Where it does not say,
    they are those of the only platform that computed there.
    """
    place = RunDirectory(folder)
    try:
        with place.journal.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _LAST_LINE))
            *lines, _torn = file.read().split(b"\n")
        threads = read_json(lines[-1])["platform"]["threads"]
    except (OSError, ValueError, LookupError, TypeError):
        only = only_platform(place)
        threads = None if only is None else only.threads
    return threads if isinstance(threads, int) and 1 <= threads <= 256 else None

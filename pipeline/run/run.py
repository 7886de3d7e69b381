"""A run: the directory that holds the frames of one render, open for one process at a time.

What is on the disk is the only state of a render. A frame exists, with its journal line, or it
does not; nothing that was rendered is deleted or overwritten: it moves to `takes/`.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, channels red, green, blue.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

from filelock import BaseFileLock

from pipeline.errors import RunError
from pipeline.files.arrays import Arrays, decode_arrays, encode_arrays
from pipeline.files.atomic import make_directory, write_atomically
from pipeline.files.hashing import bytes_digest
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.run.aside import set_aside, set_intermediates_aside
from pipeline.run.digest import RECIPE, Fingerprints, chain, frame_fingerprints, pixel_json
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.footage import Footage, footage_of
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.lock import lock, unlock
from pipeline.run.manifest import manifest_of
from pipeline.run.resume import compare, reason_aside, refusal
from pipeline.run.seams import refuse_seams
from pipeline.spec.frame import MAIN, FrameId, FrameSpec
from pipeline.spec.plan import Plan
from pipeline.spec.platform import Platform

_log = logging.getLogger(__name__)

_NOTHING: Arrays = MappingProxyType({})


class Run:
    """An open run directory; close it, or use it as a context manager."""

    def __init__(
        self,
        place: RunDirectory,
        held: BaseFileLock,
        digests: Mapping[FrameId, str],
        fingerprints: Mapping[FrameId, Fingerprints],
    ) -> None:
        """Use `Run.open`."""
        self._place = place
        self._held = held
        self._digests = digests
        self._fingerprints = fingerprints
        self._journal = Journal(place.journal)
        self._finished: set[FrameId] = set()
        self._told_of_progress = False
        self._platform: Platform | None = None
        self.damaged: tuple[FrameId, ...] = ()
        """Frames whose pictures were missing or changed when the run was opened."""
        self.set_aside: Path | None = None
        """Where opening the run moved pictures that do not hold."""

    @classmethod
    def open(
        cls,
        out: Path,
        plan: Plan,
        fingerprints: Mapping[str, Fingerprints],
        *,
        replace_stale: bool = False,
    ) -> Run:
        """Open or create the run of `plan` in the directory `out`.

        `fingerprints` are those of each set of networks, by its name; those of pictures are found
        here. Damaged frames are moved to `takes/`. Frames that `plan` would draw differently are an
        error, or with `replace_stale` moved too, as are those after its end, which otherwise stay.

        Raises RunError if `out` is no run, is in use, cannot be written, or holds stale frames.
        """
        used = frame_fingerprints(plan, fingerprints)
        digests = chain(plan, used)
        place = RunDirectory(out)
        place.check_usable()
        with disk_errors("write", out):
            make_directory(out)
            held = lock(place)
        try:
            with disk_errors("write", out):
                run = cls(place, held, digests, used)
                run._settle(plan, replace_stale)
        except BaseException:
            unlock(place, held)
            raise
        return run

    @property
    def finished(self) -> int:
        """How many of the plan's frames are there and hold."""
        return len(self._finished)

    def missing(self, plan: Plan) -> list[FrameSpec]:
        """The frames of `plan`, with which this run was opened, that are still to be rendered."""
        return [spec for spec in plan if spec.id not in self._finished]

    def compute_on(self, platform: Platform, plan: Plan, *, accept: bool = False) -> None:
        """Say what the frames are computed on that are saved from now on.

        Raises RunError, unless `accept`, if one of them would grow from one of another platform.
        """
        if not accept:
            refuse_seams(self.missing(plan), self._journal.records, platform)
        self._platform = platform

    def footage(self, plan: Plan) -> Footage:
        """The finished frames of `plan`, with which this run was opened, as a whole.

        Raises RunError if none is finished, or one is missing before others.
        """
        manifest = manifest_of(plan, self._digests)
        return footage_of(self._place, manifest, self._finished, self._finished)

    def saved(self, frame: FrameId) -> Pixels:
        """The pixels of a finished frame; RunError if it is not finished, or cannot be read."""
        path = self._place.frame(frame)
        if frame not in self._finished:
            raise RunError(
                f"frame {frame} is not finished, and another one grows from it; render "
                f"{'it' if frame.shot == MAIN else f'shot {frame.shot}'} first"
            )
        with disk_errors("read", path):
            return decode_png(path.read_bytes())

    def memory(self, frame: FrameId) -> Arrays:
        """What a finished frame has left for those that grow from it; empty if nothing.

        Raises RunError if it cannot be read.
        """
        record, path = self._journal.records.get(frame), self._place.memory(frame)
        if record is None or not record.memory:
            return {}
        with disk_errors("read", path):
            data = path.read_bytes()
        try:
            return decode_arrays(data)
        except ValueError as error:
            raise RunError(
                f"{path} was damaged while it was in use: {error}; the same command renders frame "
                f"{frame} again and goes on"
            ) from error

    def save(
        self, spec: FrameSpec, pixels: Pixels, seconds: float, memory: Arrays = _NOTHING
    ) -> None:
        """Save a frame, which took `seconds`: its files, then its journal line, on the disk.

        `memory` is what the frame leaves beside its picture for those that grow from it.

        Raises ValueError for pixels of another size than the spec's, RunError if the disk
        refuses; then the frame does not exist.
        """
        width, height = spec.size
        if pixels.shape[:2] != (height, width):
            size = f"{width}x{height}"
            raise ValueError(f"frame {spec.id} is {size} pixels, found shape {pixels.shape}")
        files = {self._place.frame(spec.id): encode_png(pixels)}
        if memory:
            files[self._place.memory(spec.id)] = encode_arrays(memory)
        picture, *kept = map(bytes_digest, files.values())
        record = FrameRecord(
            frame=spec.frame,
            shot=spec.shot,
            recipe=RECIPE,
            digest=self._digests[spec.id],
            sha256=picture,
            seconds=float(seconds),
            spec=pixel_json(spec),
            fingerprints=self._fingerprints[spec.id],
            memory=next(iter(kept), ""),
            platform=self._platform,
        )
        for path, data in files.items():
            with disk_errors("write", path):
                make_directory(path.parent)
                write_atomically(path, data)
        with disk_errors("write", self._place.journal):
            self._journal.append(record)
        self._finished.add(spec.id)

    def show_progress(self, pixels: Pixels) -> None:
        """Replace `progress.png`, the picture of the frame in work.

        A disk that refuses it is no reason to lose the frame: a warning says so once, and the
        picture stays the old one until the disk takes it again.
        """
        path = self._place.progress
        try:
            write_atomically(path, encode_png(pixels), durable=False)
        except OSError as error:
            if not self._told_of_progress:
                _log.warning(
                    "cannot write %s: %s; the render goes on", path, error.strerror or error
                )
            self._told_of_progress = True

    def save_intermediate(self, spec: FrameSpec, step: int, pixels: Pixels) -> None:
        """Keep the picture of a frame in work after `step`, which counts from 1.

        What an interrupted render of the same frame has left is found again; if it was another
        picture, all that was left of that frame moves to `takes/` first.
        """
        path, data = self._place.intermediate(spec.id, step), encode_png(pixels)
        with disk_errors("write", path):
            if path.exists() and path.read_bytes() != data:
                set_intermediates_aside(self._place, spec.id, "its steps look different now")
            make_directory(path.parent)
            write_atomically(path, data)

    def close(self) -> None:
        """Let other processes open the directory."""
        unlock(self._place, self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _settle(self, plan: Plan, replace_stale: bool) -> None:
        """Bring the directory in line with `plan`, or raise before anything is changed."""
        place = self._place
        place.check_format()
        standing = compare(place, self._journal.records, self._digests)
        why = reason_aside(plan, standing, self._journal.records, self._fingerprints)
        if standing.stale and not replace_stale:
            raise RunError(refusal(place, standing, self._journal.records, why))
        unjournaled = place.frame_ids() & self._digests.keys() - self._journal.records.keys()
        beyond = standing.beyond if replace_stale else ()
        aside = {*standing.stale, *standing.damaged, *unjournaled, *beyond}
        self.set_aside = set_aside(place, aside, self._journal, why)
        place.write_manifest(manifest_of(plan, self._digests))
        for shot in dict.fromkeys(frame.shot for frame in self._digests):
            make_directory(place.frame(FrameId(0, shot)).parent)
        place.remove_temporaries()
        self.damaged = standing.damaged
        self._finished = set(standing.holding)

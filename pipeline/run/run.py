"""A run: the directory that holds the frames of one render, open for one process at a time.

What is on the disk is the only state of a render. A frame exists, with its journal line, or it
does not; nothing that was rendered is deleted or overwritten: it moves to `takes/`.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, channels red, green, blue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

from pipeline.errors import RunError
from pipeline.files.arrays import Arrays
from pipeline.files.atomic import make_directory
from pipeline.files.png import Pixels
from pipeline.run.aside import set_aside
from pipeline.run.carried import find_again
from pipeline.run.computed_on import keep_platform
from pipeline.run.digest import RECIPE, Fingerprints, frame_fingerprints, pixel_json
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.footage import Footage, footage_of
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.lock import Hold, lock, unlock
from pipeline.run.manifest import manifest_of
from pipeline.run.resume import compare, reason_aside, refusal, standing_in
from pipeline.run.saved import SavedFrames
from pipeline.run.saving import ProgressPicture, save_frame, save_step
from pipeline.run.seams import refuse_seams
from pipeline.run.seeds import read_seeds, with_seeds
from pipeline.run.unchanged import restated
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan
from pipeline.spec.platform import Platform

_NOTHING: Arrays = MappingProxyType({})


class Run:
    """An open run directory; close it, or use it as a context manager."""

    def __init__(
        self,
        place: RunDirectory,
        held: Hold,
        plan: Plan,
        fingerprints: Mapping[FrameId, Fingerprints],
    ) -> None:
        """Use `Run.open`."""
        self._place = place
        self._held = held
        self._digests: Mapping[FrameId, str] = {}
        self.fingerprints = fingerprints
        """What each frame of the plan asks, as it was when the run was opened."""
        self._journal = Journal(place.journal)
        self._finished: set[FrameId] = set()
        self._progress = ProgressPicture(place.progress)
        self._platform: Platform | None = None
        self.plan = plan
        """The plan with which the run was opened, with the seeds of frames that were redone."""
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
        error, or with `replace_stale` moved too, as are those after its end, which otherwise stay,
        and those that a person has accepted.

        Raises RunError if `out` is no run, is in use, cannot be written, or holds stale frames.
        """
        used = frame_fingerprints(plan, fingerprints)
        place = RunDirectory(out)
        place.check_usable()
        with disk_errors("write", out):
            make_directory(out)
            held = lock(place)
        try:
            with disk_errors("write", out):
                run = cls(place, held, with_seeds(plan, read_seeds(place)), used)
                run._settle(replace_stale)
        except BaseException:
            unlock(place, held)
            raise
        return run

    @property
    def finished(self) -> int:
        """How many of the plan's frames are there and hold."""
        return len(self._finished)

    def missing(self, plan: Plan) -> list[FrameSpec]:
        """The frames of `plan`, with which this run was opened, that are still to be rendered.

        Each stands behind those that it grows from.
        """
        return [spec for spec in plan.as_they_grow if spec.id not in self._finished]

    def compute_on(
        self, platform: Platform, specs: Iterable[FrameSpec], *, accept: bool = False
    ) -> None:
        """Say what the frames are computed on that are saved from now on.

        `specs` are those that are to be rendered, of which finished ones stay as they are. Raises
        RunError, unless `accept`, if one of them would grow from one of another platform; also if
        the disk refuses to put it down.
        """
        if not accept:
            missing = (spec for spec in specs if spec.id not in self._finished)
            refuse_seams(missing, self._journal.records, platform)
        with disk_errors("write", self._place.platforms):
            keep_platform(self._place, platform)
        self._platform = platform

    def footage(self, plan: Plan) -> Footage:
        """The finished frames of `plan`, with which this run was opened, as a whole.

        Raises RunError if none is finished, or one is missing before others.
        """
        manifest = manifest_of(plan, self._digests)
        return footage_of(self._place, manifest, self._finished, self._finished)

    @property
    def frames(self) -> SavedFrames:
        """The finished frames, as they can be read back."""
        return SavedFrames(self._place, self._journal.records)

    def save(
        self,
        spec: FrameSpec,
        pixels: Pixels,
        seconds: float,
        memory: Arrays = _NOTHING,
        precision: str = "",
    ) -> None:
        """Save a frame, which took `seconds`: its files, then its journal line, on the disk.

        `memory` is what the frame leaves beside its picture for those that grow from it, and
        `precision` what it was rendered again in, if it went wrong in the render's own.

        Raises ValueError for pixels of another size than the spec's, RunError if the disk
        refuses; then the frame does not exist.
        """
        self._held.check()
        record = FrameRecord(
            frame=spec.frame,
            shot=spec.shot,
            recipe=RECIPE,
            digest=self._digests[spec.id],
            sha256="",
            seconds=float(seconds),
            spec=pixel_json(spec),
            fingerprints=self.fingerprints[spec.id],
            platform=self._platform,
            precision=precision,
        )
        save_frame(self._place, self._journal, record, spec.size, pixels, memory)
        self._finished.add(spec.id)

    def show_progress(self, pixels: Pixels) -> None:
        """Replace `progress.png`, the picture of the frame in work.

        A disk that refuses it is no reason to lose the frame: a warning says so once, and the
        picture stays the old one until the disk takes it again.
        """
        self._progress.show(pixels)

    def save_intermediate(self, spec: FrameSpec, step: int, pixels: Pixels) -> None:
        """Keep the picture of a frame in work after `step`, which counts from 1.

        What an interrupted render of the same frame has left is found again; if it was another
        picture, all that was left of that frame moves to `takes/` first.
        """
        save_step(self._place, spec.id, step, pixels)

    def close(self) -> None:
        """Let other processes open the directory."""
        unlock(self._place, self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _settle(self, replace_stale: bool) -> None:
        """Bring the directory in line with the plan, or raise before anything is changed."""
        place, plan = self._place, self.plan
        place.check_format()
        find_again(place, self._journal)
        counts_as = standing_in(place, self._journal.records, accepted=not replace_stale)
        before = self._journal.records
        records, self._digests = restated(plan, self.fingerprints, before, counts_as)
        standing = compare(place, records, self._digests)
        why = reason_aside(plan, standing, records, self.fingerprints)
        if standing.stale and not replace_stale:
            raise RunError(refusal(place, standing, records, why))
        if records is not before:
            self._journal.rewrite(records.values())
        unjournaled = place.frame_ids() & self._digests.keys() - self._journal.records.keys()
        beyond = standing.beyond if replace_stale else ()
        aside = {*standing.stale, *standing.damaged, *unjournaled, *beyond}
        self.set_aside = set_aside(place, aside, self._journal, why)
        place.write_manifest(manifest_of(plan, self._digests))
        for shot in dict.fromkeys(frame.shot for frame in self._digests):
            make_directory(place.frame(FrameId(0, shot)).parent)
        self.damaged = standing.damaged
        self._finished = set(standing.holding)

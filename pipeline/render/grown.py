"""A frame made from what is saved: its inputs are read, and it is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path

from pipeline.camera.cloud import VIEWS
from pipeline.files.arrays import Arrays
from pipeline.files.pictures import fit, read_picture
from pipeline.files.png import Pixels
from pipeline.files.promised import promised
from pipeline.networks.bundle import Networks
from pipeline.render.clips import clips_beside, cuttings
from pipeline.render.faulty import Painted, tried_twice
from pipeline.render.frame import Watch, render_frame
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.picture_sums import picture_sums
from pipeline.render.points import views_in, with_homes
from pipeline.run.saved import SavedFrames
from pipeline.spec.clip import ClipFrame
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameId, FrameSpec, Input, SavedFrame


class Grown:
    """Renders frames that grow from saved ones; saves none itself.

    Pictures of the author's are those of the `fingerprints` of each frame, or an error.
    """

    def __init__(
        self, saved: SavedFrames, fingerprints: Mapping[FrameId, Iterable[Fingerprint]]
    ) -> None:
        self._saved, self._fingerprints = saved, fingerprints
        self._clips = clips_beside(saved.place)
        # A view is asked for by many frames, and does not change any more: there is room for those
        # of two clouds, without what else lies in the memories of their frames.
        self._recall = lru_cache(maxsize=2 * VIEWS)(self._views)
        # Frames between two painted ones ask again and again what the two have left.
        self._around = lru_cache(maxsize=2)(self._memory_of)

    def __call__(
        self, spec: FrameSpec, networks: Networks, watch: Watch, accept_lifeless: bool = False
    ) -> Painted:
        """The frame, tried again once if it cannot be right; see `pipeline.render.faulty`.

        Raises:
            RunError: a frame that it grows from is not finished, or cannot be read.
            PictureError: a picture that it is made of cannot be read, or is not what it was.
            FrameFault: it went wrong twice.
        """
        sums = picture_sums([spec], self._fingerprints)
        with promised(sums):
            inputs = [self._read(one, spec, sums) for one in spec.inputs]
            memory, ahead = self._remembered(spec)
            attempt = partial(render_frame, spec, inputs, watch=watch, memory=memory, ahead=ahead)
            return tried_twice(attempt, spec, inputs, networks, accept_lifeless)

    def _read(self, one: Input, spec: FrameSpec, sums: Mapping[Path, str]) -> Pixels:
        """The pixels of an input, at the frame's size."""
        if isinstance(one, SavedFrame):
            return self._saved.pixels(spec.saved(one))
        if isinstance(one, ClipFrame):
            return self._clips.pixels(cuttings(one, spec.size, sums), one.index)
        return fit(read_picture(Path(one.file)), *spec.size)

    def _remembered(self, spec: FrameSpec) -> tuple[Memory, Memory]:
        """What the first input has left, if it is a frame, and the next painted frame, if asked."""
        first = next(iter(spec.inputs), None)
        if not isinstance(first, SavedFrame):
            return NOTHING, NOTHING
        origin, ahead = spec.saved(first), NOTHING
        if spec.between is None:
            memory = self._memory_of(origin)
        else:
            memory, *following = map(self._around, spec.earlier)
            ahead = next(iter(following), NOTHING)
        # A frame that a person painted over begins anew what comes after it; where it stands in
        # what the shot has shown, as frames before it ask, stays.
        return memory.painted_over() if self._saved.begins(origin) else memory, ahead

    def _memory_of(self, frame: FrameId) -> Memory:
        arrays = self._saved.memory(frame)
        return Memory.from_arrays(
            with_homes(arrays, lambda home: self._recall(FrameId(home, frame.shot)))
        )

    def _views(self, frame: FrameId) -> Arrays:
        return views_in(self._saved.memory(frame))

"""Where a run's files lie, and how they are set aside.

run.json            what the frames belong to: title, frame rate, size, count, digest
journal.jsonl       one line for each finished frame; its picture carries what is in it
journal.damaged     lines of the journal that a disk or a person has damaged
platforms.json      what the frames were computed on, should the journal be lost
frames/000000.png   the frames of a scene without shots
frames/city/000000.png
                    those of the shot `city`; other folders have them likewise
memory/000000.npz   what a frame left beside its picture for those that grow from it, where it did
progress.png        the frame in work, for looking at
intermediate/000000/step-040.png
                    what a frame looked like after some of its steps, where the scene asks for it
depth/000000.png    how deep a frame is, where something made of the frames asked for it
scene/              the texts of the scene that it was last given
seeds.json          the seeds of frames that were redone, where there are any
keys/               key frames, which may be painted before any other: a run of their own
takes/001/          frames that no longer hold, each time laid out as here, with their journal
.lock, .holder      held while a render writes here; which process that is
.lock.held          stands for the lock on shares that have none
.lock.alive         touched twice a minute by the process that holds it
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import DamagedManifest, RunError
from pipeline.files.atomic import (
    TEMPORARY,
    temporary_path,
    write_atomically,
)
from pipeline.files.json_text import read_json
from pipeline.files.left_by_systems import is_left_by_system
from pipeline.files.listing import names_in
from pipeline.files.os_errors import os_errors_as
from pipeline.files.png_chunks import note_length
from pipeline.run.manifest import Manifest
from pipeline.run.migration import FORMAT, manifest_of_today
from pipeline.run.soundtrack import found_from, seen_from
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.plan import OutputSpec

_log = logging.getLogger(__name__)

KEYS = "keys"
"""Name of the folder of a render in which its key frames lie, a run of their own."""

_FRAME_NAME = re.compile(r"(\d{6,})\.png")
_REMEDY = "name a directory that you may write to with --out"
_GONE = (
    "connect the disk or share that it lies on, or name another directory with --out; the same "
    "command continues"
)


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """The paths of a run below `root`."""

    root: Path

    @property
    def manifest(self) -> Path:
        """The file that makes a directory a run."""
        return self.root / "run.json"

    @property
    def journal(self) -> Path:
        """The file of the journal; see `pipeline.run.journal`."""
        return self.root / "journal.jsonl"

    @property
    def seeds(self) -> Path:
        """The file of the seeds of frames that were redone; see `pipeline.run.seeds`."""
        return self.root / "seeds.json"

    @property
    def platforms(self) -> Path:
        """The file of what the frames were computed on; see `pipeline.run.computed_on`."""
        return self.root / "platforms.json"

    @property
    def frames(self) -> Path:
        """The directory of the finished frames."""
        return self.root / "frames"

    @property
    def progress(self) -> Path:
        """The picture of the frame in work."""
        return self.root / "progress.png"

    @property
    def scene(self) -> Path:
        """The directory of the texts of the scene."""
        return self.root / "scene"

    @property
    def lock(self) -> Path:
        """The file that a render holds locked."""
        return self.root / ".lock"

    @property
    def pulse(self) -> Path:
        """The file that whoever holds the lock touches; see `pipeline.run.pulse`."""
        return self.root / ".lock.alive"

    @property
    def holder(self) -> Path:
        """Who holds the lock, in words; apart from the lock, which a loser may truncate."""
        return self.root / ".holder"

    def frame(self, frame: FrameId) -> Path:
        """The picture of a finished frame."""
        return self.root.joinpath("frames", *_shot(frame), f"{frame.frame:06d}.png")

    def memory(self, frame: FrameId) -> Path:
        """What a finished frame has left for those that grow from it."""
        return self.root.joinpath("memory", *_shot(frame), f"{frame.frame:06d}.npz")

    def intermediates(self, frame: FrameId) -> Path:
        """The directory of the pictures that a frame's steps have left."""
        return self.root.joinpath("intermediate", *_shot(frame), f"{frame.frame:06d}")

    def intermediate(self, frame: FrameId, step: int) -> Path:
        """The picture that one step of a frame has left."""
        return self.intermediates(frame) / f"step-{step:03d}.png"

    def frame_ids(self) -> set[FrameId]:
        """The frames whose pictures lie here, journaled or not; OSError if they cannot be read."""
        here = names_in(self.frames)
        shots = [name for name in here if not name.endswith(".png")]
        folders = {MAIN: here} | {name: names_in(self.frames / name) for name in shots}
        return {
            FrameId(int(match[1]), shot)
            for shot, names in folders.items()
            for name in names
            if (match := _FRAME_NAME.fullmatch(name))
        }

    def check_usable(self) -> None:
        """Raise RunError unless this is a run, an empty directory, or not there yet."""
        with disk_errors("read", self.root):
            # A journal or frames alone are a run that has lost its manifest.
            if self._is_run() or not self.root.exists():
                return
            if not self.root.is_dir():
                raise RunError(
                    f"{self.root} is a file; frames need a directory: name another one with --out"
                )
            names = sorted(path.name for path in self.root.iterdir())
        if others := [name for name in names if not self._may_lie_here(name)]:
            raise RunError(
                f"{self.root} is not a render of discoreel: it has no run.json, and it holds "
                f"{others[0]}; name a new or empty directory with --out"
            )

    def _is_run(self) -> bool:
        return self.manifest.is_file() or self._holds_ours()

    def _holds_ours(self) -> bool:
        """Whether a journal or a frame that carries what it is lies here."""
        ids = self.frame_ids() if self.frames.is_dir() else ()
        return self.journal.is_file() or any(note_length(self.frame(one)) for one in ids)

    def _may_lie_here(self, name: str) -> bool:
        """Whether a file of this name does not keep a directory from becoming a run."""
        ours = (self.holder.name, temporary_path(self.manifest).name, KEYS)
        return name in ours or name.startswith(self.lock.name) or is_left_by_system(name)

    def read_manifest(self) -> Manifest:
        """What `run.json` says.

        Raises DamagedManifest if it is not whole, RunError if there is none or it is of a format
        that this release does not know.
        """
        with disk_errors("read", self.manifest):
            text = self.manifest.read_bytes() if self.manifest.is_file() else None
        if text is None:
            raise RunError(
                f"{self.root} is not a render of discoreel: it has no run.json; "
                "name the folder of a render, as renders/night is that of night.yaml"
            )
        try:
            data = manifest_of_today(read_json(text))
            found = data["format"]
            manifest = from_json_data(Manifest, data) if found == FORMAT else None
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedManifest(
                f"{self.manifest} is damaged: {error}; render the scene again: that writes it "
                "anew and keeps the frames"
            ) from error
        if manifest is None:
            raise RunError(
                f"{self.manifest} has the format {found}, this release reads {FORMAT}; "
                "use the release that wrote it, or name another directory with --out"
            )
        return _with_outputs(manifest, lambda output: found_from(self.root, output))

    def check_format(self) -> None:
        """Raise RunError if another release wrote `run.json`, or it may be another program's.

        Beside a journal, or frames that carry what they are, a damaged one was ours, and goes
        unread.
        """
        if self.manifest.exists():
            try:
                self.read_manifest()
            except DamagedManifest:
                if not self._holds_ours():
                    raise
                _log.warning("%s was damaged; it is written anew", self.manifest)

    def write_manifest(self, manifest: Manifest) -> None:
        """Replace `run.json` in one step."""
        placed = _with_outputs(manifest, lambda output: seen_from(self.root, output))
        write_atomically(self.manifest, json.dumps(to_json_data(placed), indent=1).encode())

    def remove_temporaries(self) -> None:
        """Delete what a render that was killed had half written, as far as the disk lets it."""
        for folder in (self.frames, self.root / "memory", self.root / "intermediate"):
            for path in folder.rglob(f".*{TEMPORARY}.*"):
                with suppress(OSError):
                    path.unlink()


def _shot(frame: FrameId) -> tuple[str, ...]:
    """The folder of the frame's shot within those of its kind; none where there are no shots."""
    return () if frame.shot == MAIN else (frame.shot,)


def _with_outputs(manifest: Manifest, change: Callable[[OutputSpec], OutputSpec]) -> Manifest:
    others = tuple(map(change, manifest.outputs))
    return replace(manifest, output=change(manifest.output), outputs=others)


def disk_errors(verb: str, path: Path) -> AbstractContextManager[None]:
    """Turn an OSError of the body into a RunError: what failed, the system's words, the remedy."""
    return os_errors_as(RunError, verb, path, _REMEDY, _GONE)

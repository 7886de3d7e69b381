"""Where fetched models lie, and which of them are known to be whole. Imports no torch.

<file>                   a published file, under its published name
<name>/<part>/<file>     a file of a published folder; what is noted of it lies beside it
<file>.part              what a download has so far
<file>.damaged           what had this name and was not the published file
.<file>.part.json        where that part comes from
.<file>.verified.json    the sum of <file>, and its size and time when that was found
.<file>.lock             held while a process fetches <file>

A file with a record that still fits need not be read again. One without, which somebody has copied
here, counts only once its sum was compared: by `discoreel models verify`, or by `pull`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from pipeline.catalogue.cache_folder import cache_folder
from pipeline.catalogue.model_files import model_files
from pipeline.catalogue.publication import NOT_STATED, Published, Role
from pipeline.errors import ModelError
from pipeline.files.atomic import write_atomically
from pipeline.files.hashing import file_digest
from pipeline.files.os_errors import os_errors_as
from pipeline.spec.json_form import from_json_data, to_json_data

VARIABLE = "DISCOREEL_MODELS"
"""The environment variable that names the store."""

_RECORD = ".verified.json"
_NEVER = -1
"""Time noted for a damaged file; no file has it, so its record never fits."""
_REMEDY = f"name a folder that you may write to with --models-dir or {VARIABLE}"


class State(StrEnum):
    """What is known of a model's file without reading it."""

    MISSING = "missing"
    PARTIAL = "incomplete"
    """Some files of a folder are here, and others are not."""
    UNVERIFIED = "not verified"
    VERIFIED = "verified"


class Verdict(StrEnum):
    """What reading a model's file has shown."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class PullRecord:
    """What a file was when its sum was found."""

    name: str
    """Name of the published model."""
    role: Role
    tokenizer: str
    """Repository of an encoder's tokenizer, see `Published`."""
    size: int
    """Size of the file in bytes."""
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelStore:
    """The folder `root`, which need not exist yet."""

    root: Path

    def path(self, entry: Published) -> Path:
        """The place of a model's file or folder, whether it is there or not."""
        return self.root / entry.file

    def state(self, entry: Published) -> State:
        """What is known of the file or the folder of `entry`; looks at sizes and times only."""
        if not entry.parts:
            return self._file_state(entry)
        states = {self._file_state(part) for part in entry.parts}
        if len(states) > 1:
            return State.PARTIAL if State.MISSING in states else State.UNVERIFIED
        return states.pop()

    def _file_state(self, entry: Published) -> State:
        found, record = self._stat(entry), self.record(entry)
        if found is None:
            return State.MISSING
        if record is None or not entry.accepts(record.sha256):
            return State.UNVERIFIED
        fits = (found.st_size, found.st_mtime_ns) == (record.size, record.mtime_ns)
        return State.VERIFIED if fits else State.UNVERIFIED

    def has(self, entry: Published) -> bool:
        """Whether the file is there, or all of a folder, and is known to be the published one."""
        return self.state(entry) is State.VERIFIED

    def is_complete(self, entry: Published) -> bool:
        """Whether the model is there, and with it all that it cannot do without."""
        return all(self.has(file) for file in model_files(entry))

    def measured(self, entry: Published) -> Published:
        """`entry` with the size of its file, where that is here, or with those of its parts."""
        if entry.parts:
            return replace(entry, parts=tuple(self.measured(part) for part in entry.parts))
        found = self._stat(entry)
        return entry if found is None else replace(entry, size=found.st_size)

    def verify(self, entry: Published) -> Verdict:
        """Read a whole file, compare its sum, and remember the outcome.

        Where no sum is published, the file is compared with what it was when it was fetched; one
        that was never fetched is taken as it is.

        Raises:
            ModelError: the file or the store cannot be read or written.
        """
        path, record = self.path(entry), self.record(entry)
        if self._stat(entry) is None:
            return Verdict.MISSING
        with disk_errors("read", path):
            sha256 = file_digest(path)
        expected = entry.sha256 or (record.sha256 if record else "")
        if sha256.startswith(expected):
            self.remember(entry, sha256)
            return Verdict.OK
        if record is not None:
            self._write(entry, replace(record, mtime_ns=_NEVER))
        return Verdict.DAMAGED

    def remember(self, entry: Published, sha256: str) -> None:
        """Note that the file, as it is now, has this sum."""
        path = self.path(entry)
        with disk_errors("read", path):
            found = path.stat()
        record = PullRecord(
            name=entry.name,
            role=entry.role,
            tokenizer=entry.tokenizer,
            size=found.st_size,
            mtime_ns=found.st_mtime_ns,
            sha256=sha256,
        )
        self._write(entry, record)

    def record(self, entry: Published) -> PullRecord | None:
        """What was noted of the file; None if nothing was, or nothing that can be read."""
        return _read_record(self._record_path(entry))

    def others(self, known: Iterable[str]) -> tuple[Published, ...]:
        """What was fetched and is not `known` by name: encoders of open_clip, and tokenizers."""
        with disk_errors("read", self.root):
            paths = sorted(self.root.glob(f".*{_RECORD}"))
        records = {
            path.name.removeprefix(".").removesuffix(_RECORD): _read_record(path) for path in paths
        }
        names = set(known)
        return tuple(
            _remembered(file, record)
            for file, record in records.items()
            if record is not None and record.name not in names
        )

    def _stat(self, entry: Published) -> os.stat_result | None:
        """`stat` of the model's file; None if there is none."""
        path = self.path(entry)
        with disk_errors("read", path):
            return path.stat() if path.is_file() else None

    def _record_path(self, entry: Published) -> Path:
        path = self.path(entry)
        return path.with_name(f".{path.name}{_RECORD}")

    def _write(self, entry: Published, record: PullRecord) -> None:
        path = self._record_path(entry)
        with disk_errors("write", path):
            write_atomically(path, json.dumps(to_json_data(record)).encode())


def find_store(folder: Path | None = None) -> ModelStore:
    """The store in `folder`; if None, where DISCOREEL_MODELS says, or in the user's cache.

    Raises:
        ModelError: there is a file of this name.
    """
    if folder is None and (named := os.environ.get(VARIABLE)):
        folder = Path(named)
    # A user that nobody knows, as in ~nobody/models, stays as it is written.
    root = Path(os.path.expanduser(folder or cache_folder() / "models"))
    with disk_errors("read", root):
        is_file = root.is_file()
    if is_file:
        raise ModelError(f"{root} is a file, and models lie in a folder; {_REMEDY}")
    return ModelStore(root)


def disk_errors(verb: str, path: Path) -> AbstractContextManager[None]:
    """Turn an OSError of the body into a ModelError: what failed, the system's words, remedy."""
    return os_errors_as(ModelError, verb, path, _REMEDY)


def _read_record(path: Path) -> PullRecord | None:
    try:
        return from_json_data(PullRecord, json.loads(path.read_bytes()))
    except (OSError, ValueError):
        # Reading the file again costs seconds, and makes a new record.
        return None


def _remembered(file: str, record: PullRecord) -> Published:
    """A published file as far as its record tells."""
    architecture, _, _ = record.name.partition("/")
    return Published(
        name=record.name,
        role=record.role,
        file=file,
        mirrors=(),
        size=record.size,
        licence=NOT_STATED,
        sha256=record.sha256,
        architecture=architecture,
        tokenizer=record.tokenizer,
    )

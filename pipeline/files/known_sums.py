"""The sums of large files, remembered from one command to the next.

A file is read once for each of its contents. Its sum is kept in a small JSON file, by the file's
path, beside what the system says of it: size, times, inode. While all of these are the same, so is
the sum; that a disk has lost bits without a word only reading shows, for which there is `check`.

Times tell two contents apart only if the clock has ticked in between. So nothing is kept of a file
that was written to shortly before it was read: it might be written to again in the same tick.

Whatever is wrong with the JSON file costs reading once more, and nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.files.atomic import write_atomically
from pipeline.files.hashing import file_digest
from pipeline.files.json_text import read_json
from pipeline.files.locks import LockHeldError, acquire, release

_log = logging.getLogger(__name__)

_TICK_NS = 2_000_000_000
"""Coarsest timestamp of the file systems in use, in nanoseconds: FAT counts even seconds."""
_MOST = 256
"""Files that are remembered; the one that was read longest ago is forgotten first."""
_LARGEST = 1 << 20
"""The most bytes that the JSON file may have."""
_PATIENCE = 5.0
"""Seconds to wait for another process's lock on the JSON file."""


@dataclass(frozen=True, slots=True)
class Known:
    """The SHA-256 of a file, and the `stat` that it had when it was read."""

    size: int
    """Size of the file in bytes."""
    mtime_ns: int
    ctime_ns: int
    """Time of the inode's last change, which no program sets; on Windows of the file's creation."""
    inode: int
    sha256: str

    def fits(self, found: os.stat_result) -> bool:
        """Whether a file's `stat` is still the recorded one."""
        return self == _known(found, self.sha256)

    def is_older_than(self, time_ns: int) -> bool:
        """Whether the file was last written and changed before `time_ns`."""
        return max(self.mtime_ns, self.ctime_ns) < time_ns


@dataclass(frozen=True, slots=True)
class KnownSums:
    """What the JSON file `file`, which need not exist, says of other files."""

    file: Path
    smallest: int = 32 << 20
    """Smaller files (in bytes) are read every time, which takes a tenth of a second at most."""
    now_ns: Callable[[], int] = time.time_ns

    def digest(self, path: Path) -> str:
        """The SHA-256 of a file, as `file_digest` finds it; OSError if it cannot be read."""
        before, began = path.stat(), self.now_ns()
        if before.st_size < self.smallest:
            return file_digest(path)
        place = os.path.realpath(path)
        known = self._read().get(place)
        if known is not None and known.fits(before):
            return known.sha256
        _log.info("%s: reading all of it for its checksum", path)
        found = _known(before, file_digest(path))
        if found.fits(path.stat()) and found.is_older_than(began - _TICK_NS):
            self._update({place: found})
        return found.sha256

    def check(self) -> Iterator[tuple[Path, bool]]:
        """Read again what would not be read; yields each file, and whether it is what it was.

        Sums of files that are gone, that look different now, or that are damaged are forgotten.
        """
        for place, known in self._read().items():
            verdict = _is_still(Path(place), known)
            if not verdict:
                self._update({place: None})
            if verdict is not None:
                yield Path(place), verdict

    def _read(self) -> dict[str, Known]:
        """What is remembered, the oldest first; what cannot be understood is left out."""
        try:
            with self.file.open("rb") as file:
                data = read_json(file.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        entries = data.items() if isinstance(data, dict) else ()
        read = {place: _from_json(entry) for place, entry in entries}
        return {place: known for place, known in read.items() if known is not None}

    def _update(self, news: Mapping[str, Known | None]) -> None:
        """Remember, or with None forget; another process's news stay. Not if the disk refuses."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            lock = acquire(self.file.with_name(f".{self.file.name}.lock"), _PATIENCE)
            try:
                others = {p: known for p, known in self._read().items() if p not in news}
                kept = {p: known for p, known in news.items() if known is not None}
                write_atomically(self.file, _as_json({**others, **kept}), durable=False)
            finally:
                release(lock)
        except (OSError, LockHeldError) as error:
            _log.debug("%s: cannot be written (%s); sums are found anew", self.file, error)


def _known(found: os.stat_result, sha256: str) -> Known:
    return Known(
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        ctime_ns=found.st_ctime_ns,
        inode=found.st_ino,
        sha256=sha256,
    )


def _is_still(path: Path, known: Known) -> bool | None:
    """Whether a file has the sum that is known; None if it does not claim to be the same file."""
    try:
        if not known.fits(path.stat()):
            return None
        is_same = file_digest(path) == known.sha256
        return is_same if known.fits(path.stat()) else None
    except FileNotFoundError:
        return None
    except OSError:
        return False


def _as_json(entries: Mapping[str, Known]) -> bytes:
    """The newest of the entries, as many as may be kept."""
    kept = {place: asdict(known) for place, known in list(entries.items())[-_MOST:]}
    while len(data := json.dumps(kept, indent=1).encode()) > _LARGEST:
        del kept[next(iter(kept))]
    return data


def _from_json(entry: object) -> Known | None:
    names = Known.__dataclass_fields__.keys()
    if not isinstance(entry, dict) or entry.keys() != names:
        return None
    *numbers, sha256 = (entry[name] for name in names)
    is_sound = all(type(number) is int for number in numbers) and isinstance(sha256, str)
    return Known(**entry) if is_sound and len(sha256) == 64 else None

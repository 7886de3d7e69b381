"""Fetching published models: resumable, verified, atomic. Imports no torch.

A file gets its name in the store once its sum was compared. Until then its bytes lie in a part
beside it, which the next attempt continues: in a moment after a lost connection, or in another
process after an interruption. Mirrors are tried in their order; where a sum is published, one
continues what another has begun. A model that is a folder is fetched file by file. A server that
does not give a file to everybody is asked again with the token of the environment.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.catalogue.access import access_remedy, token_for
from pipeline.catalogue.mirror import Answer, Cut, Denied, Refused, ask
from pipeline.catalogue.model_progress import DownloadReport, ModelProgress
from pipeline.catalogue.partial_download import Part
from pipeline.catalogue.publication import Published, size_text
from pipeline.catalogue.store import ModelStore, Verdict, disk_errors
from pipeline.errors import ModelError
from pipeline.files.locks import FOR_EVER, LockHeldError, acquire, release

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for."""

    timeout: float = 30.0
    """Seconds without a byte after which a connection counts as lost."""
    tries: int = 5
    """Attempts in a row that bring nothing new before the next mirror is asked."""
    pause: float = 1.0
    """Seconds before the second attempt; each further one waits twice as long."""


def pull(
    entry: Published, store: ModelStore, report: DownloadReport, patience: Patience | None = None
) -> Path:
    """The file or folder of `entry` in `store`, fetched if it is not there; whole and verified.

    Only one process at a time fetches a file; others wait for it, and then find it there. A file
    of this name that is not the published one is moved aside. Of a folder, what is there already
    is not fetched, and `report` counts all its files together.

    Raises:
        ModelError: no mirror gives a file, or only to others, or it cannot be written.
    """
    progress = ModelProgress(entry, report)
    for file in entry.parts or (entry,):
        _pull_file(file, store, progress.of(file), patience or Patience())
        progress.end(file, store)
    return store.path(entry)


def _pull_file(
    entry: Published, store: ModelStore, report: DownloadReport, patience: Patience
) -> None:
    path = store.path(entry)
    with disk_errors("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _turn(entry, store):
        if not store.has(entry) and not _found_whole(entry, store):
            _fetch(entry, store, report, patience)


@contextmanager
def _turn(entry: Published, store: ModelStore) -> Iterator[None]:
    """Hold the lock of a file; says so where that takes waiting."""
    target = store.path(entry)
    path = target.with_name(f".{target.name}.lock")
    with disk_errors("lock", target):
        try:
            lock = acquire(path)
        except LockHeldError as error:
            died = f" (if it is no more, delete {error.marker})" if error.marker else ""
            _log.info("%s: another process is fetching it; waiting%s", entry.name, died)
            lock = acquire(path, FOR_EVER)
    try:
        yield
    finally:
        release(lock)


def _found_whole(entry: Published, store: ModelStore) -> bool:
    """Whether the file is there after all, and only nobody had looked; moves a wrong one aside."""
    path = store.path(entry)
    verdict = store.verify(entry)
    if verdict is Verdict.DAMAGED:
        aside = path.with_name(f"{path.name}.damaged")
        with disk_errors("move", path):
            os.replace(path, aside)
        _log.warning("%s: the file here was not the published one; moved to %s", entry.name, aside)
    return verdict is Verdict.OK


def _fetch(entry: Published, store: ModelStore, report: DownloadReport, patience: Patience) -> None:
    failures: list[str] = []
    remedy = "look at your connection and give the same command again, which continues"
    for address in entry.mirrors:
        with disk_errors("write", store.path(entry)), Part(store.path(entry)) as part:
            try:
                _fill_as_anybody(part, _Source(entry, address), report, patience)
            except Refused as failure:
                _log.info("%s: %s %s", entry.name, address, failure)
                failures.append(f"  {address}: {failure}")
                if isinstance(failure, Denied):
                    remedy = access_remedy(entry, address) or remedy
            else:
                part.finish()
                store.remember(entry, part.sha256)
                return
    raise ModelError(
        f"{entry.name}: no mirror gave the file:\n" + "\n".join(failures) + "\n"
        f"{remedy}; or put {entry.file} into {store.root} yourself and run: "
        f"discoreel models verify {entry.name}"
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a file comes from, and who asks for it."""

    entry: Published
    address: str
    token: str = ""


def _fill_as_anybody(
    part: Part, source: _Source, report: DownloadReport, patience: Patience
) -> None:
    """Like `_fill`; says who asks only to a server that wants to know."""
    try:
        _fill(part, source, report, patience)
    except Denied:
        token = token_for(source.entry, source.address)
        if not token:
            raise
        _fill(part, replace(source, token=token), report, patience)


def _fill(part: Part, source: _Source, report: DownloadReport, patience: Patience) -> None:
    """Receive until `part` holds the published file; raises Refused if the address has another."""
    entry, address = source.entry, source.address
    _receive_patiently(part, source, report, patience)
    if part.inherited and not entry.accepts(part.sha256):
        _log.info("%s: what was there already does not fit; starting again", entry.name)
        part.restart(address, "")
        _receive_patiently(part, source, report, patience)
    found = part.sha256
    if not entry.accepts(found):
        part.restart(address, "")
        raise Refused(f"sent a file with the SHA-256 {found}, expected {entry.sha256}")


def _receive_patiently(
    part: Part, source: _Source, report: DownloadReport, patience: Patience
) -> None:
    """Receive until the server has sent all; raises Refused when it tries our patience."""
    most, fruitless = part.size, 0
    while True:
        try:
            _receive(part, source, report, patience.timeout)
            return
        except Cut as cut:
            fruitless = 1 if part.size > most else fruitless + 1
            most = max(most, part.size)
            if fruitless >= patience.tries:
                raise Refused(f"{cut} ({patience.tries} tries)") from cut
            pause = patience.pause * 2 ** (fruitless - 1)
            _log.info("%s: %s; trying again in %g s", source.entry.name, cut, pause)
            time.sleep(pause)


def _receive(part: Part, source: _Source, report: DownloadReport, timeout: float) -> None:
    """One request; what comes goes into `part`."""
    entry, address = source.entry, source.address
    tag = part.tag(address)
    # Bytes that nothing vouches for are not continued.
    start = part.size if tag or entry.sha256 else 0
    with ask(address, start=start, tag=tag, timeout=timeout, token=source.token) as answer:
        if answer.total is None and not entry.sha256:
            raise Refused("does not say how long the file is, and no sum of it is published")
        if answer.start == 0:
            part.restart(address, answer.tag)
        _check_room(part, answer)
        report(part.size, answer.total)
        for piece in answer.pieces:
            part.write(piece)
            report(part.size, answer.total)


def _check_room(part: Part, answer: Answer) -> None:
    """Say before the first byte, rather than after the last that fits, that the disk is full."""
    free = shutil.disk_usage(part.path.parent).free
    if answer.total is not None and answer.total - part.size > free:
        raise ModelError(
            f"cannot write {part.path}: {size_text(answer.total - part.size)} are still to come, "
            f"and {size_text(free)} are free on this disk; make room; the same command continues"
        )

"""What a download finds in the store: no room, other files, another process."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.catalogue.partial_download import Part
from pipeline.catalogue.store import ModelStore, State
from tests import child
from tests.pipeline.catalogue.downloads import (
    assert_fetched,
    assert_nothing_left,
    fetch,
    part_of,
    refused,
    serve,
)
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, published

pytestmark = pytest.mark.usefixtures("no_proxy")


def test_a_disk_that_fills_up_keeps_the_part(
    servers: ExitStack, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = serve(servers, Mirror())
    entry = published(mirror)
    write = Part.write

    def until_full(part: Part, data: bytes) -> None:
        write(part, data[: 70_000 - part.size])
        if part.size == 70_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Part, "write", until_full)
        assert refused(entry, store) == (
            f"cannot write {store.path(entry)}: No space left on device; "
            "make room on the disk; the same command continues"
        )
    assert part_of(store) == CONTENT[:70_000]
    fetch(entry, store)
    assert_fetched(entry, store)
    assert mirror.ranges == [None, "bytes=70000-"]


def test_a_file_for_which_there_is_no_room_is_not_begun(
    servers: ExitStack, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = serve(servers, Mirror())
    usage = type(shutil.disk_usage(Path.cwd()))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**6, 10**6 - 200_000, 200_000))
    words = refused(published(mirror), store)
    assert "300 kB are still to come, and 200 kB are free on this disk" in words
    assert_nothing_left(store)


def test_a_store_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = ModelStore(tmp_path / "file" / "models")
    assert "Not a directory; name a folder that you may write to" in refused(published(), store)


def test_a_copied_file_is_looked_at_first(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror())
    entry = published(mirror)
    store.root.mkdir()
    store.path(entry).write_bytes(CONTENT)
    assert store.state(entry) is State.UNVERIFIED
    fetch(entry, store)
    assert_fetched(entry, store)
    assert mirror.requests == []


def test_a_wrong_file_of_the_right_name_is_moved_aside(
    servers: ExitStack, store: ModelStore
) -> None:
    entry = published(serve(servers, Mirror()))
    store.root.mkdir()
    store.path(entry).write_bytes(b"mine")
    fetch(entry, store)
    assert store.path(entry).read_bytes() == CONTENT
    assert (store.root / "weights.pt.damaged").read_bytes() == b"mine"


ANOTHER_PROCESS = """
import sys
from pathlib import Path
from pipeline.catalogue.download import pull
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.store import ModelStore
address, sha256, root = sys.argv[1:]
entry = Published("weights", Role.DEPTH, "weights.pt", (address,), None, "MIT", sha256, "none")
pull(entry, ModelStore(Path(root)), lambda received, total: None)
"""


def test_two_processes_fetch_once(
    servers: ExitStack,
    store: ModelStore,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    began, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        go_on.wait(20)

    def note(record: logging.LogRecord) -> None:
        said.append(record.getMessage())
        go_on.set()

    mirror = serve(servers, Mirror(before_body=hold))
    entry = published(mirror)
    argv = [sys.executable, "-c", ANOTHER_PROCESS, mirror.address, entry.sha256, str(store.root)]
    with child.start(argv, stdout=subprocess.PIPE) as other:
        assert began.wait(20)
        # The other process goes on once this one says that it waits.
        monkeypatch.setattr(caplog.handler, "emit", note)
        with caplog.at_level("INFO", logger="pipeline"):
            fetch(entry, store)
        assert other.wait(20) == 0
    assert said == ["weights: another process is fetching it; waiting"]
    assert_fetched(entry, store)
    assert len(mirror.requests) == 1

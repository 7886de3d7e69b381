"""Downloads over real connections to a server on this machine."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.catalogue.download import Patience, pull
from pipeline.catalogue.partial_download import Part
from pipeline.catalogue.publication import Published
from pipeline.catalogue.store import ModelStore, State
from pipeline.errors import ModelError
from tests import child
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, published, serving

SIZE = len(CONTENT)
HASTY = Patience(timeout=5, tries=2, pause=0.01)
OTHER = CONTENT[::-1]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def serve(servers: ExitStack, mirror: Mirror) -> Mirror:
    return servers.enter_context(serving(mirror))


def silent(received: int, total: int | None) -> None:
    """A report to nobody."""


def fetch(entry: Published, store: ModelStore, patience: Patience = HASTY) -> Path:
    return pull(entry, store, silent, patience)


def refused(entry: Published, store: ModelStore, patience: Patience = HASTY) -> str:
    with pytest.raises(ModelError) as caught:
        fetch(entry, store, patience)
    return str(caught.value)


def assert_fetched(entry: Published, store: ModelStore) -> None:
    """The file is there and verified, and nothing of its download is left."""
    assert store.path(entry).read_bytes() == CONTENT
    assert store.state(entry) is State.VERIFIED
    assert sorted(path.name for path in store.root.iterdir()) == [
        ".weights.pt.lock",
        ".weights.pt.verified.json",
        "weights.pt",
    ]


def part_of(store: ModelStore) -> bytes:
    return (store.root / "weights.pt.part").read_bytes()


def assert_nothing_left(store: ModelStore) -> None:
    assert [path.name for path in store.root.iterdir()] == [".weights.pt.lock"]


# ----------------------------------------------------------------------------------- what comes


def test_a_file_is_fetched_whole(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror())
    entry = published(mirror)
    assert fetch(entry, store) == store.path(entry)
    assert_fetched(entry, store)
    assert mirror.ranges == [None]
    fetch(entry, store)
    assert len(mirror.requests) == 1, "what is there is not fetched again"


def test_the_report_says_how_much_has_come(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000]))
    seen: list[tuple[int, int | None]] = []
    pull(published(mirror), store, lambda *numbers: seen.append(numbers), HASTY)
    received = [number for number, _ in seen]
    assert received == sorted(received) and (received[0], received[-1]) == (0, SIZE)
    assert received.count(100_000) == 2, "the second connection starts where the first one ended"
    assert {total for _, total in seen} == {SIZE}


# ------------------------------------------------------------------------- connections that end


def test_a_cut_connection_is_continued(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000, 50_000]))
    entry = published(mirror)
    fetch(entry, store)
    assert_fetched(entry, store)
    assert mirror.ranges == [None, "bytes=100000-", "bytes=150000-"]
    assert [headers.get("if-range") for headers in mirror.requests] == [None, '"first"', '"first"']


def test_another_attempt_continues_where_the_last_one_gave_up(
    servers: ExitStack, store: ModelStore
) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000]))
    entry = published(mirror)
    words = refused(entry, store, Patience(tries=1))
    assert f"{mirror.address}: the connection ended after 100000 of 300000 bytes" in words
    assert part_of(store) == CONTENT[:100_000]
    assert store.state(entry) is State.MISSING
    fetch(entry, store)
    assert_fetched(entry, store)
    assert mirror.ranges == [None, "bytes=100000-"]


def test_a_server_without_ranges_sends_all_again(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000], knows_ranges=False))
    entry = published(mirror)
    fetch(entry, store)
    assert_fetched(entry, store)
    assert len(mirror.requests) == 2


def test_a_server_that_never_comes_further_is_given_up(
    servers: ExitStack, store: ModelStore
) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000] * 20, knows_ranges=False))
    assert "(3 tries)" in refused(published(mirror), store, Patience(tries=3, pause=0.01))
    assert len(mirror.requests) == 3


def test_progress_renews_the_patience(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(cuts=[40_000] * 7))
    entry = published(mirror)
    fetch(entry, store, Patience(tries=2, pause=0.01))
    assert_fetched(entry, store)


def test_pauses_double(
    servers: ExitStack, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = serve(servers, Mirror(failures=[503, 503, 429]))
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    entry = published(mirror)
    fetch(entry, store, Patience(tries=4, pause=3))
    assert pauses == [3, 6, 12]
    assert_fetched(entry, store)


def test_a_silent_server_counts_as_gone(servers: ExitStack, store: ModelStore) -> None:
    woken = threading.Event()
    mirror = serve(servers, Mirror(cuts=[100_000], while_cut=lambda: woken.wait(60)))
    entry = published(mirror)
    started = time.monotonic()
    fetch(entry, store, Patience(timeout=0.5, tries=5, pause=0.01))
    seconds = time.monotonic() - started
    woken.set()
    assert_fetched(entry, store)
    assert mirror.ranges[-1] == "bytes=100000-"
    assert 0.5 <= seconds < 20


def test_a_file_that_has_changed_is_not_continued(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(content=OTHER, tag='"old"', cuts=[100_000]))
    entry = published(mirror)
    refused(entry, store, Patience(tries=1))
    mirror.content, mirror.tag = CONTENT, '"new"'
    fetch(entry, store)
    assert_fetched(entry, store)
    assert mirror.requests[-1]["if-range"] == '"old"'
    assert len(mirror.requests) == 2


# ------------------------------------------------------------------------------ parts and sums


@pytest.mark.parametrize("left", [OTHER[:100_000], OTHER, OTHER * 2])
def test_a_part_of_another_file_costs_a_second_attempt(
    servers: ExitStack, store: ModelStore, left: bytes
) -> None:
    mirror = serve(servers, Mirror())
    entry = published(mirror)
    store.root.mkdir()
    (store.root / "weights.pt.part").write_bytes(left)
    fetch(entry, store)
    assert_fetched(entry, store)


def test_a_whole_part_only_gets_its_name(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror())
    entry = published(mirror)
    store.root.mkdir()
    (store.root / "weights.pt.part").write_bytes(CONTENT)
    fetch(entry, store)
    assert_fetched(entry, store)
    assert mirror.ranges == [f"bytes={SIZE}-"]


def test_the_next_mirror_continues_what_the_first_began(
    servers: ExitStack, store: ModelStore
) -> None:
    first = serve(servers, Mirror(cuts=[100_000], tag='"theirs"'))
    second = serve(servers, Mirror())
    entry = published(first, second)
    fetch(entry, store, Patience(tries=1))
    assert_fetched(entry, store)
    assert second.ranges == ["bytes=100000-"]
    assert "if-range" not in second.requests[0], "the tag is the first mirror's"


def test_a_wrong_file_is_thrown_away(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(content=OTHER))
    entry = published(mirror)
    words = refused(entry, store)
    found = hashlib.sha256(OTHER).hexdigest()
    assert (
        f"{mirror.address}: sent a file with the SHA-256 {found}, expected {entry.sha256}" in words
    )
    assert f"put weights.pt into {store.root} yourself" in words
    assert "discoreel models verify weights" in words
    assert_nothing_left(store)
    assert len(mirror.requests) == 1


def test_the_next_mirror_is_asked_after_a_wrong_file(servers: ExitStack, store: ModelStore) -> None:
    first, second = serve(servers, Mirror(content=OTHER)), serve(servers, Mirror())
    entry = published(first, second)
    fetch(entry, store)
    assert_fetched(entry, store)
    assert second.ranges == [None]


def test_the_first_digits_of_a_sum_are_compared(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror())
    digits = hashlib.sha256(CONTENT).hexdigest()[:8]
    assert "expected 00000000" in refused(published(mirror, sha256="00000000"), store)
    entry = published(mirror, sha256=digits)
    fetch(entry, store)
    assert_fetched(entry, store)


def test_without_a_sum_only_the_same_file_is_continued(
    servers: ExitStack, store: ModelStore
) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000]))
    fetch(published(mirror, sha256=""), store)
    assert mirror.ranges == [None, "bytes=100000-"]
    assert_fetched(published(mirror, sha256=""), store)


@pytest.mark.parametrize("tag", ["", 'W/"weak"'])
def test_without_a_sum_and_a_tag_a_download_starts_again(
    servers: ExitStack, store: ModelStore, tag: str
) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000], tag=tag))
    entry = published(mirror, sha256="")
    fetch(entry, store)
    assert mirror.ranges == [None, None]
    assert_fetched(entry, store)


def test_without_a_sum_the_length_is_needed(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(says_length=False))
    assert "does not say how long the file is" in refused(published(mirror, sha256=""), store)
    entry = published(mirror)
    fetch(entry, store)
    assert_fetched(entry, store)


# ------------------------------------------------------------------------ servers without a file


def test_a_mirror_without_the_file_is_passed_over(servers: ExitStack, store: ModelStore) -> None:
    first, second = serve(servers, Mirror(failures=[404])), serve(servers, Mirror())
    entry = published(first, second)
    fetch(entry, store)
    assert_fetched(entry, store)
    assert len(first.requests) == 1, "asking again would not help"


def test_every_mirror_that_failed_is_named(servers: ExitStack, store: ModelStore) -> None:
    first, second = (serve(servers, Mirror(failures=[code])) for code in (404, 403))
    words = refused(published(first, second), store)
    assert words.startswith("weights: no mirror gave the file:\n")
    assert f"  {first.address}: HTTP 404 Not Found\n" in words
    assert f"  {second.address}: HTTP 403 Forbidden\n" in words
    assert_nothing_left(store)


def test_a_machine_that_does_not_answer(store: ModelStore) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        nobody = Mirror(address=f"http://127.0.0.1:{bound.getsockname()[1]}/weights.pt")
        words = refused(published(nobody), store)
    assert "no connection: Connection refused (2 tries)" in words


def test_a_web_page_is_no_model(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(headers={"Content-Type": "text/html; charset=utf-8"}))
    assert "sent a web page, not a file" in refused(published(mirror, sha256=""), store)
    assert_nothing_left(store)


def test_another_range_than_the_one_asked_for(servers: ExitStack, store: ModelStore) -> None:
    mirror = serve(servers, Mirror(cuts=[100_000], headers={"Content-Range": "bytes 7-9/10"}))
    assert "sent another part of the file" in refused(published(mirror), store)
    assert store.state(published(mirror)) is State.MISSING


@pytest.mark.parametrize("address", ["http://example.org/x.pt", "ftp://127.0.0.1/x", "file:///x"])
def test_only_encrypted_addresses_are_asked(store: ModelStore, address: str) -> None:
    words = refused(published(Mirror(address=address)), store)
    assert f"leads to {address}, and only https is allowed" in words


def test_a_redirection_may_not_leave_encryption(servers: ExitStack, store: ModelStore) -> None:
    away = {"Location": "http://example.org/x.pt"}
    mirror = serve(servers, Mirror(failures=[302], headers=away))
    assert "leads to http://example.org/x.pt" in refused(published(mirror), store)


def test_a_redirection_is_followed_with_the_range(servers: ExitStack, store: ModelStore) -> None:
    target = serve(servers, Mirror())
    mirror = serve(servers, Mirror(failures=[302], headers={"Location": target.address}))
    entry = published(mirror)
    store.root.mkdir()
    (store.root / "weights.pt.part").write_bytes(CONTENT[:1000])
    fetch(entry, store)
    assert_fetched(entry, store)
    assert target.ranges == ["bytes=1000-"]


# ------------------------------------------------------------------------------- the other side


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

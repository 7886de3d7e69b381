"""Downloads over real connections to a server on this machine, some of which end early."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest

from pipeline.catalogue.download import Patience, pull
from pipeline.catalogue.store import ModelStore, State
from tests.pipeline.catalogue.downloads import (
    HASTY,
    OTHER,
    SIZE,
    assert_fetched,
    fetch,
    part_of,
    refused,
    serve,
)
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, published

pytestmark = pytest.mark.usefixtures("no_proxy")


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


@pytest.mark.slow
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

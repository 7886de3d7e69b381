"""Downloads are continued and checked by their SHA-256, or by the tag of a server."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack

import pytest

from pipeline.catalogue.download import Patience
from pipeline.catalogue.store import ModelStore
from tests.pipeline.catalogue.downloads import (
    OTHER,
    SIZE,
    assert_fetched,
    assert_nothing_left,
    fetch,
    refused,
    serve,
)
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, published

pytestmark = pytest.mark.usefixtures("no_proxy")


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

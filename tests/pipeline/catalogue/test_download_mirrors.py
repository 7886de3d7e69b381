"""Mirrors without the file, with another one in its place, or that lead elsewhere."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from pipeline.catalogue.store import ModelStore, State
from tests.pipeline.catalogue.downloads import (
    assert_fetched,
    assert_nothing_left,
    fetch,
    refused,
    serve,
)
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, published

pytestmark = pytest.mark.usefixtures("no_proxy")


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

"""Models given only to those who have accepted a licence: what is said, and where a token goes."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import replace

import pytest

from pipeline.catalogue.publication import Published
from pipeline.catalogue.store import ModelStore
from tests.pipeline.catalogue.downloads import assert_fetched, fetch, part_of, refused, serve
from tests.pipeline.catalogue.mirrors import CONTENT, Headers, Mirror, published

pytestmark = pytest.mark.usefixtures("no_proxy")

TOKEN = "hf_secret"


@pytest.fixture(autouse=True)
def _no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HF_TOKEN", f" {TOKEN}\n")
    return TOKEN


def gated(*mirrors: Mirror) -> Published:
    """A model of these mirrors, whose page is on the host of the first."""
    page = mirrors[0].address.replace("weights.pt", "page")
    return replace(published(*mirrors), page=page, gated=True)


def bearers(mirror: Mirror) -> list[str | None]:
    """Who each request said it was of."""
    return [headers.get("authorization") for headers in mirror.requests]


@pytest.mark.parametrize("code", [401, 403])
def test_without_a_token_it_is_said_how_to_come_by_one(
    servers: ExitStack, store: ModelStore, code: int
) -> None:
    mirror = serve(servers, Mirror(failures=[code]))
    entry = gated(mirror)
    reason = {401: "Unauthorized", 403: "Forbidden"}[code]
    assert refused(entry, store) == (
        f"weights: no mirror gave the file:\n  {mirror.address}: HTTP {code} {reason}\n"
        "the publisher gives this model to accounts that have accepted its licence: accept it on "
        f"{entry.page}, make a token that may read in the settings of your account, and set the "
        "environment variable HF_TOKEN to it; then give the same command again; or put weights.pt "
        f"into {store.root} yourself and run: discoreel models verify weights"
    )
    assert bearers(mirror) == [None]


@pytest.mark.parametrize("code", [401, 403])
def test_a_token_that_opens_nothing(
    servers: ExitStack, store: ModelStore, token: str, code: int
) -> None:
    mirror = serve(servers, Mirror(failures=[code, code]))
    words = refused(gated(mirror), store)
    assert "the token in HF_TOKEN does not open this model: accept its licence on" in words
    assert token not in words
    assert bearers(mirror) == [None, f"Bearer {token}"]


def test_a_token_opens_the_model_and_is_told_to_nobody(
    servers: ExitStack, store: ModelStore, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    mirror = serve(servers, Mirror(failures=[401]))
    with caplog.at_level(logging.DEBUG):
        fetch(gated(mirror), store)
    assert_fetched(gated(mirror), store)
    assert bearers(mirror) == [None, f"Bearer {token}"]
    assert token not in caplog.text
    assert all(token.encode() not in path.read_bytes() for path in store.root.iterdir())


def test_a_server_that_asks_nobody_is_not_told(
    servers: ExitStack, store: ModelStore, token: str
) -> None:
    mirror = serve(servers, Mirror())
    fetch(gated(mirror), store)
    assert bearers(mirror) == [None]


def test_what_has_come_is_continued_with_the_token(
    servers: ExitStack, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = serve(servers, Mirror(cuts=[90_000], failures=[]))
    mirror.while_cut = lambda: mirror.failures.extend([401, 401])
    refused(gated(mirror), store)
    assert part_of(store) == CONTENT[:90_000]
    mirror.failures[:] = [401]
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    mirror.requests.clear()
    fetch(gated(mirror), store)
    assert_fetched(gated(mirror), store)
    assert mirror.ranges == ["bytes=90000-"] * 2
    assert bearers(mirror) == [None, f"Bearer {TOKEN}"]


def leads_to(target: Mirror) -> Headers:
    return {"Location": target.address}


def test_another_host_that_the_first_leads_to_gets_no_token(
    servers: ExitStack, store: ModelStore, token: str
) -> None:
    storage = serve(servers, Mirror())
    mirror = serve(servers, Mirror(failures=[401, 302], headers=leads_to(storage)))
    fetch(gated(mirror), store)
    assert_fetched(gated(mirror), store)
    assert bearers(mirror) == [None, f"Bearer {token}"]
    assert bearers(storage) == [None]


def test_another_address_of_the_same_host_gets_it(
    servers: ExitStack, store: ModelStore, token: str
) -> None:
    mirror = serve(servers, Mirror(failures=[401, 302]))
    mirror.headers = leads_to(mirror)
    fetch(gated(mirror), store)
    assert bearers(mirror) == [None, f"Bearer {token}", f"Bearer {token}"]


def test_a_mirror_elsewhere_gets_no_token(
    servers: ExitStack, store: ModelStore, token: str
) -> None:
    first = serve(servers, Mirror(failures=[404]))
    second = serve(servers, Mirror(failures=[403]))
    words = refused(gated(first, second), store)
    assert "look at your connection" in words
    assert bearers(second) == [None]


def test_a_copy_elsewhere_is_asked_where_the_first_denies(
    servers: ExitStack, store: ModelStore
) -> None:
    first, second = serve(servers, Mirror(failures=[401])), serve(servers, Mirror())
    fetch(gated(first, second), store)
    assert_fetched(gated(first, second), store)


@pytest.mark.parametrize("value", ["two words", "hf_\x07", "hf_ü"])
def test_what_cannot_be_a_token_is_said_and_not_shown(
    servers: ExitStack, store: ModelStore, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", value)
    mirror = serve(servers, Mirror(failures=[401]))
    assert refused(gated(mirror), store) == (
        "the environment variable HF_TOKEN holds no token: one is letters, digits and signs in a "
        "single word; copy it again from the settings of your account"
    )
    assert bearers(mirror) == [None]

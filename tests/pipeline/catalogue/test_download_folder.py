"""Fetching a model of many files: all, what is missing of it, and what stops in the middle."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.catalogue.download import pull
from pipeline.catalogue.partial_download import Part
from pipeline.catalogue.store import ModelStore, State
from tests.pipeline.catalogue.downloads import HASTY, OTHER, fetch, refused
from tests.pipeline.catalogue.folders import FILES, TOTAL, UNET, VAE, hub
from tests.pipeline.catalogue.mirrors import Mirror

pytestmark = pytest.mark.usefixtures("no_proxy")


def files_in(store: ModelStore) -> dict[str, bytes]:
    """What lies in the model's folder, but for what the store notes of it."""
    folder = store.root / "model"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_all_files_are_fetched_and_nothing_twice(servers: ExitStack, store: ModelStore) -> None:
    model = (there := hub(servers)).model
    assert store.state(model) is State.MISSING
    assert fetch(model, store) == store.root / "model"
    assert files_in(store) == FILES
    assert store.state(model) is State.VERIFIED and store.is_complete(model)
    assert list(there.ranges()) == list(FILES)
    fetch(model, store)
    assert there.ranges() == {}


def test_what_is_missing_is_all_that_is_fetched_again(
    servers: ExitStack, store: ModelStore
) -> None:
    model = (there := hub(servers)).model
    fetch(model, store)
    there.ranges()
    (store.root / "model" / UNET).unlink()
    assert store.state(model) is State.PARTIAL and not store.is_complete(model)
    fetch(model, store)
    assert there.ranges() == {UNET: [None]}
    assert files_in(store) == FILES


def test_progress_is_that_of_the_whole_model(servers: ExitStack, store: ModelStore) -> None:
    told: list[tuple[int, int | None]] = []

    def note(received: int, total: int | None) -> None:
        told.append((received, total))

    there = hub(servers)
    pull(there.model, store, note, HASTY)
    assert told == sorted(told, key=lambda pair: pair[0])
    assert {total for _, total in told} == {TOTAL}
    assert told[0][0] == 0 and told[-1] == (TOTAL, TOTAL)
    (store.root / "model" / VAE).unlink()
    told.clear()
    pull(there.model, store, note, HASTY)
    assert told[0] == (TOTAL - len(FILES[VAE]), TOTAL)
    assert told[-1] == (TOTAL, TOTAL)


def test_a_connection_that_ends_for_good_is_taken_up_in_its_file(
    servers: ExitStack, store: ModelStore
) -> None:
    there = hub(servers, unet=Mirror(FILES[UNET], cuts=[70_000, 0]))
    words = refused(there.model, store)
    assert words.startswith(f"model/{UNET}: no mirror gave the file:\n")
    assert "give the same command again, which continues" in words
    assert words.endswith(f"discoreel models verify model/{UNET}")
    assert list(there.ranges()) == ["model_index.json", "unet/config.json", UNET]
    assert (store.root / "model" / f"{UNET}.part").read_bytes() == FILES[UNET][:70_000]
    assert store.state(there.model) is State.PARTIAL
    fetch(there.model, store)
    assert there.ranges() == {UNET: ["bytes=70000-"], VAE: [None]}
    assert files_in(store) == FILES


def test_a_disk_that_fills_up_keeps_what_has_come(
    servers: ExitStack, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, write = hub(servers), Part.write

    def until_full(self: Part, data: bytes) -> None:
        if self.path.name.startswith("weights"):
            write(self, data[: 50_000 - self.size])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(Part, "write", until_full)
        assert refused(there.model, store) == (
            f"cannot write {store.root / 'model' / UNET}: No space left on device; "
            "make room on the disk; the same command continues"
        )
    there.ranges()
    fetch(there.model, store)
    (start,) = there.ranges()[UNET]
    assert start is not None and start.startswith("bytes=")
    assert files_in(store) == FILES


def test_a_folder_that_cannot_be_made(servers: ExitStack, store: ModelStore) -> None:
    store.root.mkdir()
    (store.root / "model").write_bytes(b"a file")
    assert refused(hub(servers).model, store).startswith(
        f"cannot write {store.root / 'model' / 'model_index.json'}: "
    )


def test_a_server_that_sends_another_file_is_refused(servers: ExitStack, store: ModelStore) -> None:
    there = hub(servers, vae=Mirror(OTHER))
    words = refused(there.model, store)
    assert words.startswith(f"model/{VAE}: no mirror gave the file:\n")
    assert "sent a file with the SHA-256" in words
    assert store.state(there.model) is State.PARTIAL
    assert VAE not in files_in(store)


def test_a_damaged_file_is_moved_aside_and_fetched_anew(
    servers: ExitStack, store: ModelStore
) -> None:
    there = hub(servers)
    fetch(there.model, store)
    there.ranges()
    (store.root / "model" / VAE).write_bytes(b"not it")
    assert store.state(there.model) is State.UNVERIFIED
    fetch(there.model, store)
    assert there.ranges() == {VAE: [None]}
    assert files_in(store) == {**FILES, f"{VAE}.damaged": b"not it"}


def test_a_copied_folder_is_looked_at_first(servers: ExitStack, store: ModelStore) -> None:
    there = hub(servers)
    for file, content in FILES.items():
        path = store.root / "model" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert store.state(there.model) is State.UNVERIFIED
    fetch(there.model, store)
    assert there.ranges() == {}
    assert store.state(there.model) is State.VERIFIED


def test_two_at_once_fetch_each_file_once(servers: ExitStack, store: ModelStore) -> None:
    began, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        go_on.wait(20)

    there = hub(servers, unet=Mirror(FILES[UNET], before_body=hold))
    fetched: list[Path] = []
    first, second = (
        threading.Thread(target=lambda: fetched.append(fetch(there.model, store))) for _ in range(2)
    )
    first.start()
    assert began.wait(20)
    second.start()
    go_on.set()
    for thread in (first, second):
        thread.join(20)
    assert fetched == [store.root / "model"] * 2
    assert there.ranges() == {file: [None] for file in FILES}
    assert files_in(store) == FILES

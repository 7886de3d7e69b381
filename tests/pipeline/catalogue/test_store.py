"""Where models lie, and what is known of them."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest

from pipeline.catalogue.missing_models import missing_error, missing_for
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.store import (
    ModelStore,
    State,
    Verdict,
    find_store,
)
from pipeline.errors import ModelError

CONTENT = b"weights " * 1000
ENTRY = Published(
    name="weights",
    role=Role.DEPTH,
    file="weights.pt",
    mirrors=("https://example.org/weights.pt",),
    size=None,
    licence="MIT",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    architecture="none",
)
UNSUMMED = replace(ENTRY, sha256="")


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """A store that has a good file which nobody has looked at."""
    (tmp_path / "weights.pt").write_bytes(CONTENT)
    return ModelStore(tmp_path)


def flip_a_byte(path: Path) -> None:
    """Change one byte, and neither the size nor the time of the file."""
    times = path.stat()
    data = bytearray(path.read_bytes())
    data[1234] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


# ---------------------------------------------------------------------------------- the folder


def test_the_folder_that_is_named_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOREEL_MODELS", str(tmp_path / "variable"))
    assert find_store(tmp_path / "named").root == tmp_path / "named"
    assert find_store().root == tmp_path / "variable"
    monkeypatch.setenv("DISCOREEL_MODELS", "")
    monkeypatch.delenv("DISCOREEL_CACHE")
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *names, **_: tmp_path / names[0])
    assert find_store().root == tmp_path / "discoreel" / "models"


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DISCOREEL_MODELS", "~/models")
    assert find_store().root == tmp_path / "models"


def test_the_home_of_a_user_whom_nobody_knows_stays_as_it_is_written() -> None:
    assert find_store(Path("~nobody-of-this-name/models")).root == Path(
        "~nobody-of-this-name/models"
    )


# --------------------------------------------------------------------------------------- states


def test_a_file_counts_once_it_is_verified(store: ModelStore) -> None:
    assert store.state(ENTRY) is State.UNVERIFIED and not store.has(ENTRY)
    assert store.verify(ENTRY) is Verdict.OK
    assert store.state(ENTRY) is State.VERIFIED and store.has(ENTRY)


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "nowhere")
    assert store.state(ENTRY) is State.MISSING
    assert store.verify(ENTRY) is Verdict.MISSING
    assert store.others([]) == ()
    assert not store.root.exists()


def test_a_verified_file_is_not_read_again(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.verify(ENTRY)
    monkeypatch.setattr("pipeline.catalogue.store.file_digest", lambda _: pytest.fail("was read"))
    assert store.has(ENTRY)


@pytest.mark.parametrize("times", [(1, 1), None])
def test_a_file_that_was_touched_must_be_verified_again(
    store: ModelStore, times: tuple[int, int] | None
) -> None:
    store.verify(ENTRY)
    os.utime(store.path(ENTRY), times)
    assert store.state(ENTRY) is State.UNVERIFIED
    assert store.verify(ENTRY) is Verdict.OK
    assert store.has(ENTRY)


def test_a_file_of_another_size_must_be_verified_again(store: ModelStore) -> None:
    store.verify(ENTRY)
    path = store.path(ENTRY)
    times = path.stat()
    path.write_bytes(CONTENT + b"x")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.state(ENTRY) is State.UNVERIFIED


def test_a_record_of_another_file_does_not_count(store: ModelStore) -> None:
    store.verify(ENTRY)
    assert not store.has(replace(ENTRY, sha256="00000000"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "weights"}'])
def test_a_record_that_cannot_be_read_is_none(store: ModelStore, text: str) -> None:
    store.verify(ENTRY)
    (store.root / ".weights.pt.verified.json").write_text(text)
    assert store.state(ENTRY) is State.UNVERIFIED
    assert store.verify(ENTRY) is Verdict.OK and store.has(ENTRY)


# --------------------------------------------------------------------------------------- verify


@pytest.mark.parametrize("entry", [ENTRY, UNSUMMED, replace(ENTRY, sha256=ENTRY.sha256[:8])])
def test_a_flipped_byte_is_found(store: ModelStore, entry: Published) -> None:
    assert store.verify(entry) is Verdict.OK
    flip_a_byte(store.path(entry))
    assert store.has(entry), "its size and time are the same"
    for _ in range(2):
        assert store.verify(entry) is Verdict.DAMAGED
        assert not store.has(entry)
    store.path(entry).write_bytes(CONTENT)
    assert store.verify(entry) is Verdict.OK and store.has(entry)


def test_a_copied_file_without_a_published_sum_is_taken_as_it_is(store: ModelStore) -> None:
    assert store.verify(UNSUMMED) is Verdict.OK
    record = store.record(UNSUMMED)
    assert record is not None and record.sha256 == ENTRY.sha256


def test_a_store_that_cannot_be_written(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ModelError) as caught:
        store.verify(ENTRY)
    assert str(caught.value) == (
        f"cannot write {store.root}/.weights.pt.verified.json: Read-only file system; "
        "name a folder that you may write to with --models-dir or DISCOREEL_MODELS"
    )


# -------------------------------------------------------------------------------------- listing


def test_fetched_models_that_are_not_in_the_table(store: ModelStore) -> None:
    encoder = replace(UNSUMMED, name="ViT-B-16-SigLIP/webli", role=Role.ENCODER)
    assert store.others([]) == ()
    store.verify(encoder)
    (other,) = store.others(["weights"])
    assert (other.name, other.role, other.file) == (encoder.name, Role.ENCODER, "weights.pt")
    assert (other.size, other.sha256) == (len(CONTENT), ENTRY.sha256)
    assert other.architecture == "ViT-B-16-SigLIP"
    assert store.others([encoder.name]) == ()
    flip_a_byte(store.path(other))
    assert store.verify(other) is Verdict.DAMAGED


def test_the_size_of_what_is_here_is_known(store: ModelStore, tmp_path: Path) -> None:
    assert store.measured(ENTRY) == replace(ENTRY, size=len(CONTENT))
    assert ModelStore(tmp_path / "nowhere").measured(ENTRY) == ENTRY


def test_the_record_is_plain_json(store: ModelStore) -> None:
    store.verify(ENTRY)
    data = json.loads((store.root / ".weights.pt.verified.json").read_text())
    assert data == {
        "name": "weights",
        "role": "depth",
        "tokenizer": "",
        "size": len(CONTENT),
        "mtime_ns": store.path(ENTRY).stat().st_mtime_ns,
        "sha256": ENTRY.sha256,
    }


# -------------------------------------------------------------------------------------- missing


def test_what_is_missing(store: ModelStore) -> None:
    absent = replace(ENTRY, name="absent", file="absent.pt")
    assert missing_for([ENTRY, absent], store) == (ENTRY, absent)
    store.verify(ENTRY)
    assert missing_for([ENTRY, absent], store) == (absent,)


def test_the_error_names_the_command(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    large = replace(ENTRY, name="large", file="large.pt", size=2 * 10**9)
    store.path(ENTRY).unlink()
    error = missing_error([large, ENTRY], store, "--preset disco")
    listed = (
        f"2 models are not in {store.root}, 2.00 GB and 1 of unknown size in all:\n"
        "  large (2.00 GB)\n  weights (unknown size)\n"
        "fetch with: discoreel models pull --preset disco"
    )
    assert isinstance(error, ModelError)
    assert str(error) == f"{listed} --models-dir {store.root}"
    monkeypatch.setenv("DISCOREEL_MODELS", str(store.root))
    assert str(missing_error([large, ENTRY], store, "--preset disco")) == listed
    alone = str(missing_error([ENTRY], store, "weights"))
    assert alone.startswith(f"1 model is not in {store.root}, unknown size in all:\n")
    assert alone.endswith("discoreel models pull weights")


def test_the_error_tells_a_copied_file_from_a_missing_one(store: ModelStore) -> None:
    assert "  weights (there, not verified)\n" in str(missing_error([ENTRY], store, "weights"))

"""The sums of own networks: found once for each content, and read again when somebody asks."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.catalogue import network_digests as module
from pipeline.catalogue.network_digests import known_sums, network_digest, network_digests
from pipeline.cli.app import app
from pipeline.errors import ModelError
from pipeline.files import known_sums as sums_module
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.files.known_sums import KnownSums


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, empty."""
    monkeypatch.setenv("DISCOREEL_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("DISCOREEL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose bytes were read."""
    names: list[str] = []

    def noted(path: Path) -> str:
        names.append(path.name)
        return file_digest(path)

    monkeypatch.setattr(sums_module, "file_digest", noted)
    return names


@pytest.fixture
def of_any_size_and_age(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums are remembered of small files too, and of those that were written a moment ago."""
    sums = KnownSums(cache / "sums.json", 1, lambda: time.time_ns() + 10**13)
    monkeypatch.setattr(module, "known_sums", lambda: sums)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An own network of two files, and what macOS has left beside them."""
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_bytes(b"{}")
    (folder / "._config.json").write_bytes(b"resource fork")
    return folder


@pytest.mark.usefixtures("of_any_size_and_age")
def test_an_own_network_is_read_once(folder: Path, read: list[str]) -> None:
    sums = {"config.json": bytes_digest(b"{}"), "model.safetensors": bytes_digest(b"weights")}
    for _ in range(2):
        assert network_digests(folder, "") == sums
        assert network_digest(folder / "model.safetensors", "") == sums["model.safetensors"]
    assert sorted(read) == ["config.json", "model.safetensors"]


def test_only_large_files_go_to_the_cache(tmp_path: Path, cache: Path, folder: Path) -> None:
    network_digests(folder, "")
    assert not cache.exists()
    large = tmp_path / "large.pt"
    large.touch()
    os.truncate(large, known_sums().smallest)
    old = KnownSums(known_sums().file, now_ns=lambda: time.time_ns() + 10**13)
    assert old.digest(large) == network_digest(large, "") == file_digest(large)
    assert cache.joinpath("sums.json").is_file()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        network_digest(tmp_path / "a.pt", "put it back")
    assert str(caught.value) == (
        f"{tmp_path}/a.pt: cannot be read (No such file or directory); put it back"
    )


@pytest.mark.usefixtures("of_any_size_and_age")
def test_verify_reads_own_networks_again(folder: Path, read: list[str], cache: Path) -> None:
    network_digests(folder, "")
    done = CliRunner().invoke(app, ["models", "verify"], catch_exceptions=False)
    paths = [folder / name for name in ("config.json", "model.safetensors")]
    assert done.stdout == "".join(f"{path}  ok\n" for path in paths)
    assert len(read) == 4

    sums = cache / "sums.json"
    sums.write_text(sums.read_text().replace(bytes_digest(b"{}"), bytes_digest(b"[]")))
    done = CliRunner().invoke(app, ["models", "verify"])
    assert done.stdout == f"{paths[0]}  damaged\n{paths[1]}  ok\n"
    assert isinstance(done.exception, ModelError)
    assert str(done.exception) == (
        f"{paths[0]} has changed, and its size and times have not; put it back from a copy"
    )
    network_digests(folder, "")
    done = CliRunner().invoke(app, ["models", "verify"], catch_exceptions=False)
    assert done.exit_code == 0


@pytest.mark.usefixtures("of_any_size_and_age")
def test_verify_of_a_name_reads_no_own_network(folder: Path, read: list[str]) -> None:
    network_digests(folder, "")
    CliRunner().invoke(app, ["models", "verify", "dpt_large"])
    assert len(read) == 2

"""`discoreel models pull` from outside: what is fetched, what is said, and an interruption."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.catalogue import download
from pipeline.catalogue.published import NEEDS
from pipeline.cli.app import app
from pipeline.errors import ModelError
from tests import child
from tests.command_line import command, environment, run
from tests.models_command import SUM, empty_store, said
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, serving

OTHER_MIRROR = (
    "-c",
    """\
import sys
from pipeline.catalogue import published
from pipeline.catalogue.publication import Published, Role
from pipeline.__main__ import main

mirrors, sha256 = (sys.argv.pop(1),), sys.argv.pop(1)
entry = Published("weights", Role.DEPTH, "weights.pt", mirrors, None, "MIT", sha256, "none")
published.PUBLISHED = {"weights": entry}
published.NEEDS = {"starter": (), "disco": ("weights",)}
main()
""",
)
"""The program with one model, at the address and with the sum that its first arguments name."""


@pytest.fixture(autouse=True)
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store."""
    return empty_store(tmp_path, monkeypatch)


def test_a_name_and_a_preset_are_fetched_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def note(entry: download.Published, store: download.ModelStore, report: object) -> Path:
        fetched.append(entry.name)
        return store.path(entry)

    monkeypatch.setattr(download, "pull", note)
    said("pull", "dpt_large", "vgg16", "--preset", "disco")
    assert fetched == ["dpt_large", "vgg16", *NEEDS["disco"][:-1]]


@pytest.mark.slow
def test_an_encoder_is_fetched_and_verified_with_its_tokenizer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write(entry: download.Published, store: download.ModelStore, report: object) -> Path:
        store.root.mkdir(exist_ok=True)
        store.path(entry).write_bytes(CONTENT)
        store.remember(entry, SUM)
        return store.path(entry)

    monkeypatch.setattr(download, "pull", write)
    pulled = said("pull", "ViT-B-16-SigLIP/webli")
    names = [line.split()[0] for line in pulled.splitlines()]
    tokenizer = [f"timm/ViT-B-16-SigLIP/tokenizer{end}.json" for end in ("", "_config")]
    assert names == ["ViT-B-16-SigLIP/webli", *tokenizer]
    assert re.search(rf"^{tokenizer[0]} +tokenizer +300 kB ", said("list"), re.MULTILINE)
    assert said("verify") == "".join(f"{name}  ok\n" for name in names)
    assert said("verify", "ViT-B-16-SigLIP/webli") == said("verify")


def test_one_failure_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(entry: download.Published, store: download.ModelStore, report: object) -> Path:
        if entry.name == "vgg16":
            return store.path(entry)
        raise ModelError(f"{entry.name}: no")

    monkeypatch.setattr(download, "pull", fail)
    done = CliRunner().invoke(app, ["models", "pull", "dpt_large", "vgg16", "midas_v21"])
    assert str(done.exception) == "dpt_large: no\n\nmidas_v21: no"
    assert done.stdout.startswith("vgg16  ")


def test_nothing_to_pull_is_a_mistake() -> None:
    done = CliRunner().invoke(app, ["models", "pull"])
    assert done.exit_code == 2
    assert "--preset" in done.stderr


@pytest.mark.slow
def test_a_model_is_fetched_verified_and_found_damaged(tmp_path: Path, models_dir: Path) -> None:
    with serving(Mirror()) as mirror:
        source = (mirror.address, SUM)
        done = run(*source, "models", "pull", "weights", cwd=tmp_path, program=OTHER_MIRROR)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"weights  {models_dir / 'weights.pt'}\n"
        assert "weights: 0 kB of 300 kB" in done.stderr
        assert (models_dir / "weights.pt").read_bytes() == CONTENT
        (models_dir / "weights.pt").write_bytes(CONTENT[:-1] + b"x")
        done = run(*source, "models", "verify", cwd=tmp_path, program=OTHER_MIRROR)
        assert (done.returncode, done.stdout) == (1, "weights  damaged\n")
        assert done.stderr == "fetch again with: discoreel models pull weights\n"
        again = run(
            *source, "models", "pull", "--preset", "disco", cwd=tmp_path, program=OTHER_MIRROR
        )
        assert again.returncode == 0, again.stderr
        assert "moved to" in again.stderr
        assert (models_dir / "weights.pt").read_bytes() == CONTENT


@pytest.mark.slow
def test_no_mirror_is_an_error_of_words(tmp_path: Path) -> None:
    with serving(Mirror(failures=[404])) as mirror:
        done = run(
            *(mirror.address, SUM, "models", "pull", "weights"),
            cwd=tmp_path,
            program=OTHER_MIRROR,
        )
    assert done.returncode == 1
    assert f"{mirror.address}: HTTP 404 Not Found" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def halting() -> Iterator[Mirror]:
    """A mirror that sends a part and then waits for better times."""
    better = threading.Event()
    with serving(Mirror(cuts=[100_000], while_cut=lambda: better.wait(30))) as mirror:
        yield mirror
        better.set()


@pytest.mark.slow
def test_ctrl_c_keeps_the_part_and_the_same_command_continues(
    tmp_path: Path, models_dir: Path, halting: Mirror
) -> None:
    arguments = (halting.address, SUM, "models", "pull", "weights")
    part = models_dir / "weights.pt.part"
    with child.start(
        command(*arguments, program=OTHER_MIRROR),
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as pulling:
        deadline = time.monotonic() + 60
        while not (part.exists() and part.stat().st_size == 100_000):
            assert time.monotonic() < deadline and pulling.poll() is None
            time.sleep(0.02)
        pulling.send_signal(signal.SIGINT)
        _, words = pulling.communicate(timeout=120)
    assert pulling.returncode == 130
    assert "the same command continues" in words and "Traceback" not in words
    assert part.read_bytes() == CONTENT[:100_000]
    assert not (models_dir / "weights.pt").exists()
    done = run(*arguments, cwd=tmp_path, program=OTHER_MIRROR)
    assert done.returncode == 0, done.stderr
    assert (models_dir / "weights.pt").read_bytes() == CONTENT
    assert halting.ranges == [None, "bytes=100000-"]

"""`discoreel models` with a model of many files, from outside."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.catalogue import find, published
from pipeline.catalogue.publication import total_text
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.cli.app import app
from pipeline.errors import ModelError
from tests import child
from tests.command_line import command, environment, run
from tests.models_command import empty_store, said
from tests.pipeline.catalogue.folders import FILES, MODEL, UNET, VAE, Hub, hub
from tests.pipeline.catalogue.mirrors import Mirror

MANUAL = Path(__file__).parent.parent / "docs" / "models.md"

ONE_FOLDER = (
    "-c",
    """\
import json
import sys
from dataclasses import replace
from pipeline.catalogue import published
from pipeline.__main__ import main
from tests.pipeline.catalogue.folders import MODEL

addresses = json.loads(sys.argv.pop(1))
parts = [replace(p, mirrors=(a,)) for p, a in zip(MODEL.parts, addresses, strict=True)]
published.PUBLISHED = {"model": replace(MODEL, parts=tuple(parts))}
main()
""",
)
"""The program with one folder, whose addresses its first argument lists."""


@pytest.fixture(autouse=True)
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store."""
    return empty_store(tmp_path, monkeypatch)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The folder on servers of this machine, as the one model that is published."""
    with ExitStack() as servers:
        served = hub(servers)
        for module in (published, find):
            monkeypatch.setattr(module, "PUBLISHED", {"model": served.model})
        yield served


def test_a_folder_is_one_model_to_those_who_list_and_pull_it(there: Hub, models_dir: Path) -> None:
    assert re.search(r"^model +denoiser +about 300 kB +MIT +no$", said("list"), re.MULTILINE)
    assert said("pull", "model") == f"model  {models_dir / 'model'}\n"
    assert re.search(r"^model +denoiser +about 300 kB +MIT +yes$", said("list"), re.MULTILINE)
    (models_dir / "model" / VAE).unlink()
    listed = said("list")
    assert re.search(r"^model .* incomplete$", listed, re.MULTILINE)
    assert listed.endswith("the others: about 100 kB\n")
    there.ranges()
    said("pull", "model")
    assert there.ranges() == {VAE: [None]}


def test_one_file_of_a_folder_can_be_named(there: Hub, models_dir: Path) -> None:
    assert said("pull", f"model/{UNET}") == f"model/{UNET}  {models_dir / 'model' / UNET}\n"
    assert there.ranges() == {UNET: [None]}
    assert said("verify", f"model/{UNET}") == f"model/{UNET}  ok\n"


def test_each_file_of_a_folder_is_verified(there: Hub, models_dir: Path) -> None:
    said("pull", "model")
    everything = "".join(f"model/{file}  ok\n" for file in FILES)
    assert said("verify") == said("verify", "model") == everything
    (models_dir / "model" / UNET).write_bytes(b"x")
    (models_dir / "model" / VAE).unlink()
    done = CliRunner().invoke(app, ["models", "verify"])
    assert done.stdout == everything.replace(f"{UNET}  ok", f"{UNET}  damaged").replace(
        f"model/{VAE}  ok\n", ""
    )
    assert isinstance(done.exception, ModelError)
    assert str(done.exception) == "fetch again with: discoreel models pull model"
    done = CliRunner().invoke(app, ["models", "verify", "model"])
    assert f"model/{VAE}  missing\n" in done.stdout


def test_a_folder_as_json(there: Hub, models_dir: Path) -> None:
    said("pull", f"model/{VAE}")
    (row,) = json.loads(said("list", "--json"))
    assert (row["state"], row["path"]) == ("incomplete", str(models_dir / "model"))
    assert [part["name"] for part in row["parts"]] == [part.name for part in MODEL.parts]


def test_gated_models_are_marked() -> None:
    assert re.search(r"^flux-dev .* gated +no$", said("list"), re.MULTILINE)
    assert re.search(r"^sd15 +denoiser +about 2.13 GB +\S+ \S+ +no$", said("list"), re.MULTILINE)


def test_the_manual_lists_every_folder_with_its_licence() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    for entry in PUBLISHED.values():
        if entry.parts:
            gated = "yes" if entry.gated else ""
            size = total_text([entry]).removeprefix("about ")
            assert f"| `{entry.name}` | {entry.licence} | {size} | {gated} | [" in text
            assert f"]({entry.page}) |" in text


def finding_the_tests() -> dict[str, str]:
    """The environment of a program that imports what tests are made of."""
    return {**environment(), "PYTHONPATH": str(Path(__file__).parents[1])}


@pytest.mark.slow
def test_ctrl_c_in_the_middle_and_the_same_command_continues(
    tmp_path: Path, models_dir: Path
) -> None:
    better = threading.Event()
    halting = Mirror(FILES[UNET], cuts=[80_000], while_cut=lambda: better.wait(30))
    with ExitStack() as servers:
        served = hub(servers, unet=halting)
        addresses = json.dumps([mirror.address for mirror in served.mirrors.values()])
        arguments = (addresses, "models", "pull", "model")
        part = models_dir / "model" / f"{UNET}.part"
        with child.start(
            command(*arguments, program=ONE_FOLDER),
            cwd=tmp_path,
            env=finding_the_tests(),
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as pulling:
            deadline = time.monotonic() + 60
            while not (part.exists() and part.stat().st_size == 80_000):
                assert time.monotonic() < deadline and pulling.poll() is None
                time.sleep(0.02)
            pulling.send_signal(signal.SIGINT)
            _, words = pulling.communicate(timeout=120)
        better.set()
        assert pulling.returncode == 130
        assert "the same command continues" in words and "Traceback" not in words
        assert "model: 0 kB of 300 kB" in words
        served.ranges()
        done = run(*arguments, cwd=tmp_path, program=ONE_FOLDER, env=finding_the_tests())
        assert done.returncode == 0, done.stderr
        assert served.ranges() == {UNET: ["bytes=80000-"], VAE: [None]}
        assert ModelStore(models_dir).has(served.model)

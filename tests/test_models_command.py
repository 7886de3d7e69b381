"""`discoreel models` from outside: results, messages, exit codes, and an interruption."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.catalogue import download, network_digests
from pipeline.catalogue.published import NEEDS, PUBLISHED
from pipeline.cli.app import app
from pipeline.errors import ModelError
from tests import child
from tests.command_line import command, environment, run
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, serving

MANUAL = Path(__file__).parent.parent / "docs" / "models.md"
SUM = hashlib.sha256(CONTENT).hexdigest()

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
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("DISCOREEL_MODELS", str(tmp_path / "models"))
    # What the user has in theirs is no business of a test.
    monkeypatch.setattr(network_digests, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "models"


def said(*arguments: str) -> str:
    """Standard output of a command that does well, in this process."""
    done = CliRunner().invoke(app, ["models", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


# ----------------------------------------------------------------------------------------- list


def test_models_alone_lists_all() -> None:
    listed = said()
    assert listed == said("list")
    assert {line.split()[0] for line in listed.splitlines()} >= set(PUBLISHED)
    assert re.search(r"^ViT-B-32/openai +encoder +354 MB +MIT +no$", listed, re.MULTILINE)
    assert re.search(r"^secondary +secondary +about 55 MB +not stated +no$", listed, re.MULTILINE)
    assert re.search(r"^dpt_swin2_tiny_256 +depth +about 159 MB +MIT +no$", listed, re.MULTILINE)


def test_a_preset_lists_what_it_needs(models_dir: Path) -> None:
    heading, *lines, here, others = said("list", "--preset", "disco").splitlines()
    assert heading.split() == ["name", "role", "size", "licence", "on", "disk"]
    assert [line.split()[0] for line in lines] == list(NEEDS["disco"])
    assert here == f"0 of 6 are in {models_dir}"
    assert others == "the others: about 4.62 GB"


def test_what_is_on_the_disk_is_listed(models_dir: Path) -> None:
    models_dir.mkdir()
    name = "dpt_swin2_tiny_256"
    (models_dir / f"{name}.pt").write_bytes(bytes(2_000_000))
    assert re.search(f"^{name} +depth +2 MB +MIT +not verified$", said("list"), re.MULTILINE)
    assert said("verify") == f"{name}  ok\n"
    assert re.search(f"^{name} +depth +2 MB +MIT +yes$", said("list"), re.MULTILINE)
    assert re.search(f"^{name} .* no$", said("list", "--models-dir", "x"), re.MULTILINE)


def test_the_list_as_json(models_dir: Path) -> None:
    rows = json.loads(said("list", "--json"))
    assert [row["name"] for row in rows] == list(PUBLISHED)
    (large,) = (row for row in rows if row["name"] == "dpt_large")
    entry = PUBLISHED["dpt_large"]
    assert large == {
        "name": "dpt_large",
        "role": "depth",
        "file": entry.file,
        "mirrors": list(entry.mirrors),
        "size": 1_376_378_527,
        "licence": "MIT",
        "sha256": entry.sha256,
        "architecture": "dpt_large",
        "numbers": None,
        "tokenizer": "",
        "path": str(models_dir / entry.file),
        "state": "missing",
    }


# ----------------------------------------------------------------------------------------- pull


@pytest.mark.parametrize("command", ["pull", "list"])
def test_the_starter_needs_nothing(command: str) -> None:
    assert said(command, "--preset", "starter") == (
        "the preset starter needs nothing that does not come with discoreel\n"
    )


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


# --------------------------------------------------------------------------------------- verify


def test_a_missing_model_that_was_named() -> None:
    done = CliRunner().invoke(app, ["models", "verify", "dpt_large"])
    assert done.stdout == "dpt_large  missing\n"
    assert isinstance(done.exception, ModelError)
    assert str(done.exception) == "fetch again with: discoreel models pull dpt_large"


def test_what_is_fetched_again_goes_where_it_was_looked_for(tmp_path: Path) -> None:
    twice = ("verify", "dpt_large", "dpt_large", "--models-dir", str(tmp_path / "my models"))
    done = CliRunner().invoke(app, ["models", *twice])
    assert str(done.exception) == (
        f"fetch again with: discoreel models pull dpt_large --models-dir '{tmp_path}/my models'"
    )


def test_an_empty_store_is_in_order(models_dir: Path) -> None:
    models_dir.mkdir()
    done = CliRunner().invoke(app, ["models", "verify"])
    assert (done.exit_code, done.output) == (0, "")


def test_a_store_that_is_not_there_is_told(models_dir: Path) -> None:
    done = CliRunner().invoke(app, ["models", "verify"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"there is no folder {models_dir}, so there is nothing to verify\n"


@pytest.mark.parametrize("command", ["list", "verify", "pull vgg16"])
def test_a_store_that_is_a_file_is_a_mistake(models_dir: Path, command: str) -> None:
    models_dir.touch()
    done = CliRunner().invoke(app, ["models", *command.split()])
    assert str(done.exception) == (
        f"{models_dir} is a file, and models lie in a folder; name a folder that you may write to "
        "with --models-dir or DISCOREEL_MODELS"
    )


# ------------------------------------------------------------------------------------- together


@pytest.mark.slow
def test_the_list_answers_without_torch() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom pipeline.cli.app import app\n"
        "done = CliRunner().invoke(app, ['models', 'list'])\n"
        "print(done.exit_code, {'torch', 'open_clip', 'timm'} & set(sys.modules))\n"
    )
    done = child.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 set()\n"


def test_the_commands_of_the_manual_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(download, "pull", lambda entry, store, _: store.path(entry))
    blocks = re.findall(r"^```sh\n(.*?)^```", MANUAL.read_text(), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    ours = [line for line in lines if not line.startswith("discoreel render ")]
    assert len(ours) > 5
    for line in ours:
        program, group, *arguments = line.split()
        assert (program, group) == ("discoreel", "models")
        said(*arguments)


def test_the_manual_names_every_preset() -> None:
    text = MANUAL.read_text()
    assert [preset for preset in NEEDS if f"| `{preset}` |" not in text] == []

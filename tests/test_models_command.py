"""`discoreel models` from outside: what it lists and verifies, and the commands of its manual."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.catalogue import download
from pipeline.catalogue.published import NEEDS, PUBLISHED
from pipeline.cli.app import app
from pipeline.errors import ModelError
from tests import child
from tests.models_command import empty_store, said

MANUAL = Path(__file__).parent.parent / "docs" / "models.md"


@pytest.fixture(autouse=True)
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store."""
    return empty_store(tmp_path, monkeypatch)


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
        "page": "",
        "gated": False,
        "parts": [],
        "spacing": None,
        "path": str(models_dir / entry.file),
        "state": "missing",
    }


@pytest.mark.parametrize("command", ["pull", "list"])
def test_the_starter_needs_nothing(command: str) -> None:
    assert said(command, "--preset", "starter") == (
        "the preset starter needs nothing that does not come with discoreel\n"
    )


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

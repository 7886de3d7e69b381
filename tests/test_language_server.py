"""The schema in a real editor's server: completion, words on hover, marks under mistakes.

`DISCOREEL_YAML_SERVER` names the program `yaml-language-server`, which npm installs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.scene.schema_file import FILE, LINE, schema_text
from tests.language_server import LanguageServer, language_server

SERVER = os.environ.get("DISCOREEL_YAML_SERVER", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SERVER, reason="DISCOREEL_YAML_SERVER names no yaml-language-server"),
]

SCENE = """\
video: {size: [96, 64], duration: 4s}
prompts: a castle
camera:
  zoom: 1.01
sampler:
  steps: 25
guidance:
  init_hold: 0.8
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("scenes")
    (here / FILE).write_text(schema_text(), encoding="utf-8")
    return here


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[LanguageServer]:
    with language_server([SERVER, "--stdio"], folder) as running:
        yield running


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(f"{LINE}\n{text}", encoding="utf-8")
    return file


def test_a_scene_has_no_marks(server: LanguageServer, folder: Path) -> None:
    assert server.open(written(folder, "right", SCENE)) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (4, ["The picture grows about its centre", "above 0 and up to 100", "Unless written: 1"]),
        (6, ["Denoising steps from pure noise", "1 to 1000, steps", "25"]),
        (8, ["Share of the coarse form", "0 to 1"]),
    ],
    ids=["zoom", "steps", "init_hold"],
)
def test_a_key_is_explained(
    line: int, told: list[str], server: LanguageServer, folder: Path
) -> None:
    file = written(folder, f"hover{line}", SCENE)
    server.open(file)
    words = server.at("textDocument/hover", file, line, 4)["contents"]["value"]
    plain = words.replace("\\", "").replace("&nbsp;", " ")
    assert [part for part in told if part not in plain] == []


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        ("", {"camera", "guidance", "shots"}),
        ("camera", {"translate_z", "zoom", "offset"}),
        ("sampler", {"strength", "steps", "noise"}),
    ],
    ids=["scene", "camera", "sampler"],
)
def test_keys_are_completed(
    section: str, keys: set[str], server: LanguageServer, folder: Path
) -> None:
    text = f"{section}:\n  \n" if section else "\n"
    file = written(folder, f"complete-{section}", text)
    server.open(file)
    line, character = (2, 2) if section else (1, 0)
    items = server.at("textDocument/completion", file, line, character)["items"]
    assert keys <= {item["label"] for item in items}
    (one,) = (item for item in items if item["label"] in keys and item["label"] == min(keys))
    assert one["documentation"]


def test_a_section_begins_empty_and_a_mapping_is_proposed_by_its_name(
    server: LanguageServer, folder: Path
) -> None:
    empty = written(folder, "empty", "\n")
    server.open(empty)
    items = server.at("textDocument/completion", empty, 1, 0)["items"]
    (sampler,) = (item for item in items if item["label"] == "sampler")
    assert sampler["textEdit"]["newText"] == "sampler:\n  "
    file = written(folder, "mapping", "camera:\n  zoom: \n")
    server.open(file)
    labels = [one["label"] for one in server.at("textDocument/completion", file, 2, 8)["items"]]
    assert "{0s: 1, bar 5: {value: 1.04, ease: in_out}}" in labels
    assert not any("object" in label for label in labels)


def test_the_words_of_a_setting_are_completed(server: LanguageServer, folder: Path) -> None:
    file = written(folder, "words", "sampler:\n  name: \n")
    server.open(file)
    items = server.at("textDocument/completion", file, 2, 8)["items"]
    assert {"ddim", "plms", "dpmpp_2m"} <= {item["label"] for item in items}


@pytest.mark.parametrize(
    ("wrong", "start", "told"),
    [
        ("  zom: 1.01\n", (4, 2), "Property zom is not allowed"),
        ("  fov: 200\n", (4, 7), "maximum of 180"),
        ("  mode: 4d\n", (4, 8), "Value is not accepted"),
    ],
    ids=["a-misspelt-key", "a-number-out-of-range", "a-word-that-is-none"],
)
def test_a_mistake_is_marked_in_its_place(
    wrong: str, start: tuple[int, int], told: str, server: LanguageServer, folder: Path
) -> None:
    file = written(folder, f"wrong{start}{len(wrong)}", SCENE.replace("  zoom: 1.01\n", wrong))
    (mistake,) = server.open(file)
    place = mistake["range"]["start"]
    assert (place["line"], place["character"]) == start and told in mistake["message"]
    assert mistake["severity"] == 1

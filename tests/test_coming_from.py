"""docs/coming-from.md is true: its settings exist, and the import knows the names it lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.scene.importers import deforum_names, disco_names
from pipeline.scene.importers.deforum_groups import GROUPS
from pipeline.scene.importers.kinds import Kind, import_settings
from pipeline.scene.importers.notes import Severity
from pipeline.scene.reading.foreign_settings import DISCO
from tests.test_disco_manual import knows

PAGE = (Path(__file__).parent.parent / "docs" / "coming-from.md").read_text(encoding="utf-8")


def rows(chapter: str) -> Iterator[tuple[list[str], list[str]]]:
    """The names of each row of a chapter's tables of three columns, and its settings."""
    text = PAGE.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[0] not in (chapter, "---"):
            yield re.findall("`(.+?)`", cells[0]), re.findall("`(.+?)`", cells[1])


def names(chapter: str) -> list[str]:
    return [name for listed, _ in rows(chapter) for name in listed]


SETTINGS = sorted(
    {one for chapter in ("Deforum", "Parseq") for _, own in rows(chapter) for one in own}
)


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_exists(setting: str) -> None:
    assert knows(setting)


def unknown(kind: Kind, known: list[str], folder: Path) -> set[str]:
    """Which of some names, all with an odd value, the import does not know."""
    path = folder / "all.txt"
    path.write_text(json.dumps(dict.fromkeys(known, "?")), encoding="utf-8")
    notes = import_settings(path, folder, kind).notes
    return {name for note in notes if note.severity == Severity.UNKNOWN for name in note.names}


def test_the_import_knows_every_name_of_the_page(tmp_path: Path) -> None:
    listed = [name for name in names("Deforum") if not name.endswith("...")]
    assert len(listed) > 120
    assert unknown("deforum", listed, tmp_path) == set()
    prefixes = [f"{name[:-3]}x" for name in names("Deforum") if name.endswith("...")]
    assert unknown("deforum", prefixes, tmp_path) == set()


def test_the_import_knows_every_name_of_disco(tmp_path: Path) -> None:
    assert unknown("disco", list(DISCO), tmp_path) == set()
    assert unknown("disco", ["no_such_name"], tmp_path) == {"no_such_name"}


def test_names_are_dealt_with_in_one_place() -> None:
    grouped = [name for group in GROUPS for name in group.names]
    assert len(grouped) == len(set(grouped))
    assert set(grouped).isdisjoint(deforum_names.IDLE)
    assert len(set(disco_names.IDLE)) == len(disco_names.IDLE)


def test_the_page_shows_schedules_as_they_are_written(tmp_path: Path) -> None:
    shown = {
        "0:(0.65+0.1*sin(2*3.14*t/120))": '"0.65 + 0.1 * sin(2 * 3.14 * frame / 120)"',
        "0:(1), 30:(1.2)": "{0: 1, 30: 1.2}",
        "0:(1e-3), 30:(2)": "{0: 0.001, 30: {value: 2, ease: hold}}",
        "0:(t), 60:(30)": '"frame if frame < 60 else 30"',
    }
    for there, here in shown.items():
        path = tmp_path / "own.txt"
        path.write_text(json.dumps({"animation_mode": "3D", "translation_z": there}))
        assert f"| `{there}` | `{here}`" in PAGE
        assert f"  translate_z: {here}\n" in import_settings(path, tmp_path, "deforum").text

"""The tables of the manual are those that the readers make, and have a row for every setting."""

from __future__ import annotations

import pytest

from pipeline.scene.manual_tables import table, with_tables
from pipeline.scene.schema import Scene
from tests.pipeline.scene.whole_scenes import ROOT, settings

MANUAL = (ROOT / "docs" / "scene.md").read_text(encoding="utf-8")


def test_the_manual_is_as_its_tool_writes_it() -> None:
    assert with_tables(MANUAL) == MANUAL, "python -m tools.manual writes its tables anew"


def test_every_setting_has_a_row_with_its_example() -> None:
    rows = MANUAL.splitlines()
    # Both kinds of output have their settings in one table.
    for section, setting in settings():
        assert setting.shown is not None
        cell = f"`{setting.name}: {setting.shown.example}`"
        found = [row for row in rows if row.startswith(f"| `{setting.name}`") and cell in row]
        assert found, f"{section}.{setting.name}"


def test_every_section_has_a_chapter() -> None:
    for name in Scene.model_fields:
        assert f"\n## {name}\n" in MANUAL or f"| `{name}` |" in MANUAL, name


def test_a_row_says_what_is_allowed_what_holds_and_how_it_is_written() -> None:
    steps = next(row for row in table("sampler").splitlines() if row.startswith("| `steps`"))
    allowed, default, example, about = (cell.strip() for cell in steps.split("|")[2:6])
    assert allowed == "1 to 1000, steps" and default == "250 (25)"
    assert example == "`steps: 40`" and about.startswith("Denoising steps")


def test_settings_of_the_scene_itself_stand_where_they_are_named() -> None:
    rows = table("seed, loop").splitlines()
    assert [row.split("`")[1] for row in rows[2:]] == ["seed", "loop"]


def test_what_stands_between_two_comments_is_written_anew() -> None:
    document = "a\n<!-- settings of seed -->\nstale\n<!-- end -->\nb\n"
    written = with_tables(document)
    assert written == with_tables(written) and "stale" not in written
    assert (
        written.startswith("a\n<!-- settings of seed -->\n\n| setting") and "`seed: 7`" in written
    )
    with pytest.raises(KeyError, match="sead"):
        with_tables(document.replace("seed", "sead"))

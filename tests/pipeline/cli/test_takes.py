"""`discoreel takes` and `render --update`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.cli.painted import paint, say, write_scene
from tests.pipeline.plans import chain_plan, with_zoom
from tests.pipeline.runs import missing, render


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A render of four frames, of which an edit has replaced the last two."""
    render(tmp_path, chain_plan(4))
    edited = with_zoom(chain_plan(4), 2, 1.03)
    missing(tmp_path, edited, replace_stale=True)
    render(tmp_path, edited, look=50)
    return tmp_path


def test_takes_are_listed_compared_and_restored(out: Path) -> None:
    listed, _ = say("takes", "list", out)
    assert listed.startswith("  1  20")
    assert listed.endswith("2 frames: 2 to 3; camera.zoom was 1.02, is now 1.03\n")

    edited, later = say("takes", "diff", out, 1)[0].splitlines()
    assert edited.startswith("2: camera.zoom was 1.02, is now 1.03 (pictures differ by ")
    assert later.startswith("3: something in the frames before it changed")

    said, told = say("takes", "restore", out, 1)
    assert said == "2 frames of take 1 restored: 2 to 3\n"
    assert told == f"the frames that stood there were moved to {out / 'takes' / '002'}\n"
    assert say("takes", "restore", out, 1)[0] == (
        "the frames of take 1 are in the render already\n"
    )
    assert say("takes", "diff", out, 1)[0] == (
        "2 to 3: as it is now (pictures differ by 0 levels)\n"
    )
    assert "  takes    2 frames in " in say("status", out)[0]


def test_a_render_without_takes_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=2)
    assert say("takes", "list", folder)[0] == (
        f"{folder} has no takes: no edit has replaced a frame\n"
    )


def test_a_take_of_no_time_that_a_clock_shows_is_listed(out: Path) -> None:
    (out / "takes" / "001" / "take.json").write_text('{"made": "9999-12-31T23:59:59-23:59"}')
    listed, _ = say("takes", "list", out)
    assert listed == "  1  at an unknown time  2 frames: 2 to 3; nothing says why\n"

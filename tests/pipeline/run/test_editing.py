"""Frames that a person accepts as they are, though the scene would make others."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.files.png import encode_png
from pipeline.run.editing import accept, editing
from pipeline.run.footage import read_footage
from pipeline.run.status import read_status
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, missing, render

FIRST = chain_plan(6)
EDITED = with_zoom(FIRST, 2, 1.03)
"""Other frames from the third on."""


def accepted(out: Path, plan: Plan, *frames: int, reason: str = "fine as they are") -> list[int]:
    with editing(out, plan, NETWORKS) as edited:
        return [one.frame for one in accept(edited, set(map(FrameId, frames)), reason)]


def refused(out: Path, plan: Plan) -> str:
    with pytest.raises(RunError) as caught:
        missing(out, plan)
    return str(caught.value)


def test_accepted_frames_hold_and_what_grows_from_them_goes_on(tmp_path: Path) -> None:
    render(tmp_path, FIRST, frames=(0, 1, 2, 3))
    before = contents(tmp_path / "frames")
    assert accepted(tmp_path, EDITED, 2) == [2]
    # Frame 3 grew from the very picture that is kept.
    assert missing(tmp_path, EDITED) == [4, 5]
    assert render(tmp_path, EDITED) == [4, 5]
    assert before.items() <= contents(tmp_path / "frames").items()
    assert len(read_footage(tmp_path).frames) == 6


def test_status_shows_why_frames_are_kept(tmp_path: Path) -> None:
    render(tmp_path, FIRST)
    accepted(tmp_path, EDITED, 2, 3, reason="only a typo")
    kept = read_status(tmp_path).kept
    assert [(frame.frame, one.words) for frame, one in kept.items()] == [
        (2, 'accepted ("only a typo")')
    ]


def test_frames_that_hold_and_those_not_rendered_have_nothing_to_accept(tmp_path: Path) -> None:
    render(tmp_path, FIRST, frames=(0, 1, 2))
    before = contents(tmp_path)
    assert accepted(tmp_path, EDITED, 0, 1) == []
    assert contents(tmp_path) == before
    assert accepted(tmp_path, EDITED, *range(6)) == [2]
    with pytest.raises(RunError, match=r"frame 4 in .* is not rendered yet; render it"):
        accepted(tmp_path, EDITED, 4, 5)


def test_accepting_one_frame_leaves_others_that_the_scene_changes(tmp_path: Path) -> None:
    twice = with_zoom(EDITED, 4, 1.05)
    render(tmp_path, FIRST)
    assert accepted(tmp_path, twice, 2) == [2]
    assert refused(tmp_path, twice).startswith(
        "frame 4 would change: camera.zoom was 1.02, is now 1.05; 2 of 6 finished frames in "
    )
    assert "renders them anew, also with 1 frame that had been accepted; " in refused(
        tmp_path, twice
    )
    assert accepted(tmp_path, twice, 4) == [4]
    assert missing(tmp_path, twice) == []


def test_another_edit_asks_again(tmp_path: Path) -> None:
    render(tmp_path, FIRST)
    accepted(tmp_path, EDITED, 2)
    again = with_zoom(FIRST, 2, 1.2)
    assert refused(tmp_path, again).startswith("frame 2 would change: camera.zoom was 1.02, is now")
    assert accepted(tmp_path, again, 2, reason="still fine") == [2]
    assert missing(tmp_path, again) == []


def test_the_old_scene_takes_accepted_frames_as_its_own(tmp_path: Path) -> None:
    render(tmp_path, FIRST)
    accepted(tmp_path, EDITED, 2)
    assert missing(tmp_path, FIRST) == []


def test_update_renders_accepted_frames_anew(tmp_path: Path) -> None:
    render(tmp_path, FIRST)
    accepted(tmp_path, EDITED, 2)
    assert missing(tmp_path, EDITED, replace_stale=True) == [2, 3, 4, 5]
    assert read_status(tmp_path).kept == {}


def test_a_picture_that_was_painted_over_is_not_accepted(tmp_path: Path) -> None:
    render(tmp_path, FIRST)
    (tmp_path / "frames" / "000003.png").write_bytes(encode_png(picture(1000)))
    with pytest.raises(RunError, match=r"frame 3 is whole, .* adopt it first; else"):
        accepted(tmp_path, FIRST, 2, 3)


def test_a_damaged_frame_is_not_accepted_nor_does_it_stay_so(tmp_path: Path) -> None:
    render(tmp_path, FIRST)
    picture = tmp_path / "frames" / "000002.png"
    whole = picture.read_bytes()
    picture.write_bytes(whole[:-1])
    with pytest.raises(RunError, match="frame 2 is damaged; the next render makes it again"):
        accepted(tmp_path, EDITED, 2)
    picture.write_bytes(whole)
    accepted(tmp_path, EDITED, 2)
    picture.write_bytes(whole[:-1])
    assert missing(tmp_path, EDITED, replace_stale=True) == [2, 3, 4, 5]


def test_what_is_no_render_is_not_edited(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no finished frame yet; render its scene first"):
        accepted(tmp_path / "none", EDITED, 2)
    assert not (tmp_path / "none").exists()

"""Pictures that a person painted over, and that are frames from then on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.files.picture_header import PictureError
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.run.adopting import adopt
from pipeline.run.editing import editing
from pipeline.run.footage import read_footage
from pipeline.run.run import Run
from pipeline.run.status import read_status
from pipeline.run.takes import restore
from pipeline.run.verify import verify
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, missing, render

PLAN = chain_plan(5)
PAINTED = picture(1000)
FRAME = "frames/000002.png"


def adopted(out: Path, frame: int, source: Path | None = None, plan: Plan = PLAN) -> Path:
    with editing(out, plan, NETWORKS) as edited:
        return adopt(edited, FrameId(frame), source)


def pixels(out: Path, name: str = FRAME) -> Pixels:
    return decode_png((out / name).read_bytes())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A render of which frame 2 was painted over in its place."""
    render(tmp_path / "out", PLAN)
    (tmp_path / "out" / FRAME).write_bytes(encode_png(PAINTED))
    return tmp_path / "out"


def test_the_frame_holds_and_what_grows_from_it_is_rendered_anew(out: Path) -> None:
    adopted(out, 2)
    with pytest.raises(RunError) as caught:
        missing(out, PLAN)
    assert str(caught.value).startswith(
        "frame 3 would change: frame 2, from which it grows, was adopted; 2 of 5 finished frames"
    )
    assert missing(out, PLAN, replace_stale=True) == [3, 4]
    with Run.open(out, PLAN, NETWORKS) as run:
        assert np.array_equal(run.frames.pixels(FrameId(2)), PAINTED)
    render(out, PLAN, look=50)
    assert missing(out, PLAN) == []
    assert verify(out).faults == ()
    assert len(read_footage(out).frames) == 5
    assert [one.words for one in read_status(out).kept.values()] == ["adopted"]


def test_a_picture_from_elsewhere_keeps_what_lay_there_as_a_take(tmp_path: Path) -> None:
    out, source = tmp_path / "out", tmp_path / "mine.png"
    render(out, PLAN)
    before = contents(out)
    source.write_bytes(encode_png(PAINTED))
    take = adopted(out, 2, source)
    assert take == out / "takes" / "001"
    assert (take / FRAME).read_bytes() == before[FRAME]
    assert np.array_equal(pixels(out), PAINTED)
    missing(out, PLAN, replace_stale=True)
    restore(out, 2)
    restore(out, 1)
    assert missing(out, PLAN) == []
    assert contents(out / "frames").items() == contents_of(before).items()


def contents_of(before: dict[str, bytes]) -> dict[str, bytes]:
    start = "frames/"
    return {name[len(start) :]: data for name, data in before.items() if name.startswith(start)}


def test_an_adopted_frame_is_found_again_where_the_journal_is_lost(out: Path) -> None:
    adopted(out, 2)
    missing(out, PLAN, replace_stale=True)
    (out / "journal.jsonl").unlink()
    assert missing(out, PLAN) == [3, 4]
    assert np.array_equal(pixels(out), PAINTED)


def test_painting_over_it_once_more_is_adopted_too(out: Path) -> None:
    adopted(out, 2)
    missing(out, PLAN, replace_stale=True)
    render(out, PLAN, look=50)
    (out / FRAME).write_bytes(encode_png(picture(2000)))
    adopted(out, 2)
    assert missing(out, PLAN, replace_stale=True) == [3, 4]
    assert np.array_equal(pixels(out), picture(2000))


def test_a_file_of_a_painting_program_becomes_a_frame_like_others(out: Path) -> None:
    bgra = np.dstack([PAINTED[..., ::-1], np.full(PAINTED.shape[:2], 255, np.uint8)])
    assert cv2.imwrite(str(out / FRAME), bgra)
    written = (out / FRAME).read_bytes()
    take = adopted(out, 2)
    assert (take / FRAME).read_bytes() == written
    assert (out / FRAME).read_bytes() != written
    assert np.array_equal(pixels(out), PAINTED)


def test_an_edit_of_the_frame_puts_the_painted_one_aside(out: Path) -> None:
    adopted(out, 2)
    missing(out, PLAN, replace_stale=True)
    edited = with_zoom(PLAN, 2, 1.1)
    with pytest.raises(RunError, match=r"frame 2 would change: camera\.zoom was 1\.02"):
        missing(out, edited)
    painted = (out / FRAME).read_bytes()
    assert missing(out, edited, replace_stale=True) == [2, 3, 4]
    assert painted in contents(out / "takes").values()


def test_a_painted_frame_that_is_damaged_is_told_before_it_is_rendered(out: Path) -> None:
    adopted(out, 2)
    missing(out, PLAN, replace_stale=True)
    (out / FRAME).write_bytes(b"")
    with pytest.raises(RunError) as caught:
        missing(out, PLAN)
    assert "frame 2 would change: it was adopted in the place of another picture" in str(
        caught.value
    )
    assert missing(out, PLAN, replace_stale=True) == [2, 3, 4]
    render(out, PLAN)
    assert read_status(out).kept == {}


def test_what_cannot_be_adopted_is_told_and_changes_nothing(out: Path, tmp_path: Path) -> None:
    large, text = tmp_path / "large.png", tmp_path / "text.png"
    large.write_bytes(encode_png(picture(1, 16, 12)))
    text.write_text("no picture")
    before = contents(out)
    with pytest.raises(RunError, match=r"large\.png is 16 x 12 pixels, frame 2 is 8 x 6; export"):
        adopted(out, 2, large)
    with pytest.raises(PictureError, match=r"text\.png is not a picture"):
        adopted(out, 2, text)
    with pytest.raises(RunError, match="shows frame 1 as it is; paint over it, then adopt it"):
        adopted(out, 1)
    with pytest.raises(RunError, match="the scene would change frame 2 by itself"):
        adopted(out, 2, plan=with_zoom(PLAN, 1, 1.1))
    assert contents(out) == before


def test_a_frame_that_is_not_rendered_is_not_adopted(tmp_path: Path) -> None:
    render(tmp_path, PLAN, frames=(0, 1))
    with pytest.raises(RunError, match=r"frame 2 in .* is not rendered yet"):
        adopted(tmp_path, 2)


def test_a_frame_without_what_it_left_for_the_next_is_not_adopted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    render(out, PLAN)
    with editing(out, PLAN, NETWORKS) as edited:
        record = edited.record(FrameId(2))
        kept = replace(record, memory="0" * 64)
        edited.journal.append(kept)
    before = (out / FRAME).read_bytes()
    (tmp_path / "own.png").write_bytes(encode_png(PAINTED))
    with pytest.raises(RunError, match="what frame 2 left for the next is gone or damaged"):
        adopted(out, 2, tmp_path / "own.png")
    assert (out / FRAME).read_bytes() == before and not (out / "takes").exists()

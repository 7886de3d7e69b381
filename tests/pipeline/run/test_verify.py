"""Frames of a render that are read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.files.png import encode_png
from pipeline.files.png_chunks import without_note
from pipeline.run.verify import differences, verify
from pipeline.spec.frame import FrameId
from pipeline.spec.platform import Platform
from tests.pipeline.plans import chain_plan, picture
from tests.pipeline.runs import contents, render


def test_a_whole_render_has_no_faults_and_is_left_alone(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4), [0, 1, 2])
    before = contents(tmp_path)
    found = verify(tmp_path)
    assert (found.planned, found.whole, found.faults, found.unknown) == (4, 3, (), ())
    assert found.platforms == {None: 3}
    assert contents(tmp_path) == before


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (Path.unlink, "its picture is gone"),
        (flip, "its picture cannot be decoded"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "its picture cannot be decoded"),
        (lambda path: path.write_bytes(encode_png(picture(1, 4, 4))), "its picture is 4 x 4, not"),
        (
            lambda path: path.write_bytes(encode_png(picture(9))),
            "its picture is whole, but another one",
        ),
    ],
)
def test_a_harmed_picture_is_told(
    tmp_path: Path, harm: Callable[[Path], object], words: str
) -> None:
    render(tmp_path, chain_plan(3))
    harm(tmp_path / "frames" / "000001.png")
    found = verify(tmp_path)
    (fault,) = found.faults
    assert fault.frame == FrameId(1) and fault.words.startswith(words)
    assert found.whole == 2


def test_a_frame_without_its_line_is_a_gap_if_it_does_not_tell_what_it_is(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(3))
    journal = tmp_path / "journal.jsonl"
    first, _, last = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(first + last)
    assert (verify(tmp_path).faults, verify(tmp_path).known.found) == ((), (FrameId(1),))
    picture = tmp_path / "frames" / "000001.png"
    picture.write_bytes(without_note(picture.read_bytes()))
    found = verify(tmp_path)
    (fault,) = found.faults
    assert fault.frame == FrameId(1)
    assert fault.words == "it is missing, and frame 2 grows from it"
    assert found.unknown == (FrameId(1),)


def test_platforms_differ_in_words() -> None:
    before = Platform("Xeon", 2)
    assert differences(before, before) == ()
    assert differences(before, Platform("Xeon", 1)) == ("threads 2, here 1",)


def test_frames_that_nobody_rendered_yet_are_no_fault(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4), frames=(0, 1))
    found = verify(tmp_path)
    assert (found.planned, found.whole, found.faults, found.unknown) == (4, 2, (), ())

"""Fades in which several shots meet: frames that are painted for each, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.shots import Shot
from pipeline.spec.timeline import Fade
from tests.pipeline.scene_files import complaints, load

HEAD = "video: {size: [64, 64], fps: 12, duration: 4s}\nprompts: a castle\n"


def shots(folder: Path, *written: str, head: str = HEAD) -> tuple[Shot, ...]:
    text = head + "shots:\n" + "".join(f"  - {{{shot}}}\n" for shot in written)
    return load(folder, text).shots


@pytest.mark.parametrize(("loop", "enter"), [(12, 3), (3, 12)])
def test_a_shot_that_loops_below_a_fade_has_frames_for_both(
    tmp_path: Path, loop: int, enter: int
) -> None:
    first = f"name: a, until: 2s, loop: {{fade: {loop}}}"
    a, b = shots(tmp_path, first, f"name: b, enter: {{fade: {enter}}}")
    assert a.fade == Fade("a", 24, loop) and b.fade == Fade("a", 24, enter)
    assert a.painted == 24 + 12


def test_a_fade_may_be_as_long_as_its_shot_and_longer_than_the_one_before(tmp_path: Path) -> None:
    a, b, c = shots(
        tmp_path, "name: a, until: 1s", "name: b, until: 13", "name: c, enter: {fade: 35}"
    )
    assert (a.painted, b.painted, c.painted) == (12, 36, 35)


def test_a_video_without_shots_is_told_of_its_loop(tmp_path: Path) -> None:
    assert complaints(tmp_path, HEAD + "loop: {fade: 9s}\n") == [
        "3:7: loop: the fade takes 108 frames, and the video has 48; write a shorter one, such as "
        "{fade: 24}"
    ]


def test_two_loops_of_one_beginning_are_told(tmp_path: Path) -> None:
    written = "loop: true\nshots:\n  - {name: a, until: 2s, loop: true}\n  - {name: b}\n"
    assert complaints(tmp_path, HEAD + written) == [
        "3:7: loop: shot a has a loop of its own; keep that, or the one of the whole video"
    ]

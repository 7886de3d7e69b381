"""Where bars and sections begin in a video."""

from __future__ import annotations

from pathlib import Path

from pipeline.plan.marks import beat_frames
from pipeline.spec.timeline import Mark
from tests.pipeline.plan.planned import plan
from tests.pipeline.scene_files import load

SCENE = """\
video: {size: [96, 64], duration: 4s, fps: 12}
music: {bpm: 120, start: 1s, sections: {verse: bar 1, chorus: bar 2, outro: bar 9}}
prompts: a castle
"""


def test_what_began_before_the_video_is_a_section_and_no_bar(tmp_path: Path) -> None:
    made = plan(tmp_path, SCENE).marks
    assert made.bars == (Mark(12, "bar 2"), Mark(36, "bar 3"))
    assert made.sections == (Mark(0, "verse"), Mark(12, "chorus"))
    assert made.at(11) == ("verse",) and made.at(12) == ("bar 2", "chorus")


def test_stills_have_no_marks(tmp_path: Path) -> None:
    stills = SCENE.replace("duration: 4s, fps: 12", "n_batches: 3").replace(", outro: bar 9", "")
    made = plan(tmp_path, stills).marks
    assert (made.bars, made.sections, made.shots) == ((), (), ())


def test_beats_are_where_they_are_heard(tmp_path: Path) -> None:
    video = "video: {size: [64, 64], fps: 10, duration: 2s}\nprompts: a castle\n"
    silent = load(tmp_path, video)
    song = load(tmp_path, video + "music: {bpm: 150, first_beat: 0.3}\n")
    assert beat_frames(silent) == ()
    assert beat_frames(song) == (3.0, 7.0, 11.0, 15.0, 19.0)

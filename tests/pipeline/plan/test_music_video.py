"""The music video that ships: what is written on its bars lies on its beats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.plan.course import course
from pipeline.plan.make import make_plan
from pipeline.scene.load import read_scene
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import shown_frames
from tools.song.score import KICK, drum_hits, seconds

SCENE = Path(__file__).parents[3] / "scenes" / "music-video.yaml"
START, FPS, BEAT = 8.5, 12, 0.5


@pytest.fixture(scope="module")
def plan() -> Plan:
    read = read_scene(SCENE)
    assert read.warnings == ()
    return make_plan(read.scene)


def test_it_has_sixteen_bars_and_its_shots_begin_on_sections(plan: Plan) -> None:
    assert [(mark.frame, mark.name) for mark in plan.marks.bars] == [
        (24 * bar, f"bar {bar + 5}") for bar in range(16)
    ]
    assert [(mark.frame, mark.name) for mark in plan.marks.sections] == [
        (0, "verse"),
        (96, "break"),
        (144, "chorus"),
        (336, "outro"),
    ]
    assert [(shot.name, shot.first) for shot in plan.shots] == [
        ("lamp", 0),
        ("breath", 96),
        ("road", 144),
        ("home", 336),
    ]
    assert len(list(shown_frames(plan.shots))) == 16 * 4 * BEAT * FPS


def test_it_has_a_hard_cut_and_fades(plan: Plan) -> None:
    _, cut, faded, slow = plan.shots
    assert cut.fade is None and not plan[len_of(plan, "lamp")].inputs
    assert faded.fade is not None and faded.fade.frames == 12
    assert slow.fade is not None and slow.fade.frames == 24


def len_of(plan: Plan, shot: str) -> int:
    return sum(spec.shot == shot for spec in plan)


def test_the_kick_punches_on_the_frame_nearest_to_it(plan: Plan) -> None:
    zoom = course(plan).moving["camera.offset.zoom"]
    kicks = [seconds(hit.beat) - START for hit in drum_hits() if hit.pitch == KICK]
    frames = [round(second * FPS) for second in kicks if 0 <= second < 27.5]
    assert len(frames) > 30
    punched = [frame for frame in frames if zoom[frame] > 1.03 and zoom[frame] >= zoom[frame - 1]]
    assert len(punched) >= 0.95 * len(frames)
    assert zoom[100:140].max() < 1.03  # in the break there is no kick


def test_it_is_painted_most_on_the_beat(plan: Plan) -> None:
    strength = course(plan).strength
    beats = np.arange(0, 384, 6)
    between = np.setdiff1d(np.arange(1, 384), np.concatenate([beats, beats + 1]))
    inside = between[(between < 240) | (between > 250)]
    assert strength[beats].min() >= 0.5 > 0.45 > strength[inside].max()

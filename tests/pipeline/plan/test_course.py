"""The numbers of a plan over its video."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.plan.course import course
from tests.pipeline.plan.planned import EARLIER, EARLIER_NAMES, plan

HELD = {"guidance.init_hold", "guidance.detail_hold"}

HEAD = """\
video: {size: [96, 64], duration: 4s, fps: 12}
music: {bpm: 120}
prompts: a castle
camera: {mode: 2d, zoom: {0s: 1, 4s: 1.48}, offset: {y: "10 * beat_pulse"}}
sampler: {strength: "0.4 * (fract(beat) < 0.01)"}
"""


def test_what_happens_on_each_frame_of_the_video(tmp_path: Path) -> None:
    drawn = course(plan(tmp_path, HEAD))
    assert np.flatnonzero(drawn.strength).tolist() == list(range(0, 48, 6))
    assert drawn.strength[0] == 1.0 and np.allclose(drawn.strength[6::6], 0.4)
    assert set(drawn.moving) == {"camera.zoom", "camera.offset.y", *HELD}
    zoom = drawn.moving["camera.zoom"]
    assert np.isnan(zoom[0]) and np.allclose(zoom[1:], 1 + 0.01 * np.arange(1, 48))
    assert drawn.moving["camera.offset.y"][::6].tolist() == [10.0] * 8
    assert drawn.weight.tolist() == [1.0] * 48


def test_within_a_fade_it_is_the_shot_that_comes(tmp_path: Path) -> None:
    shots = "shots: [{name: a, until: 2s}, {name: b, enter: {fade: 5}, camera: {zoom: 2}}]\n"
    drawn = course(plan(tmp_path, HEAD + shots))
    assert np.allclose(drawn.weight[24:30], [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0])
    assert np.isnan(drawn.moving["camera.zoom"][24])
    assert (drawn.moving["camera.zoom"][25:] == 2.0).all() and len(drawn.strength) == 48


def test_what_is_kept_and_painted_afresh_is_drawn_where_frames_grow(tmp_path: Path) -> None:
    drawn = course(plan(tmp_path, EARLIER))
    assert set(drawn.moving) == {*EARLIER_NAMES, *HELD}
    assert all(np.isnan(drawn.moving[name][0]) for name in EARLIER_NAMES)
    assert np.allclose(drawn.moving["guidance.discover"][1:], np.arange(1, 6) / 10)
    assert np.allclose(drawn.moving["guidance.keep_colour"][1:], np.arange(1, 6) / 5)

"""Reading orbits, dolly zooms and points to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from tests.pipeline.scene_files import BASE, assert_told, load


def test_what_an_orbit_is_by_default(tmp_path: Path) -> None:
    orbit = load(tmp_path, f"{BASE}camera: {{orbit: {{around: 2}}}}\n").camera.orbit
    assert orbit is not None
    assert (orbit.turn(0.0), orbit.tilt(0.0), orbit.over, orbit.repeats) == (360, 0, 48, False)


def test_the_stretch_of_an_orbit_is_its_shot_or_a_length(tmp_path: Path) -> None:
    text = (
        "video: {size: [64, 64], duration: 48}\nmusic: {bpm: 120}\nprompts: a\n"
        "camera: {orbit: {around: 2, turn: 90}}\nshots:\n  - {name: a, until: 12}\n"
        "  - {name: b, camera: {orbit: {around: 2, turn: 90 + 10 * t, every: 1 beat}}}\n"
    )
    first, second = (shot.settings.camera.orbit for shot in load(tmp_path, text).all_shots)
    assert first is not None and second is not None
    assert (first.over, first.repeats) == (12, False)
    assert (second.over, second.repeats) == (12, True)


@pytest.mark.parametrize(
    ("camera", "told"),
    [
        ("orbit: 2", "3:17: camera.orbit: expected {around: 1.5, turn: 360}, found 2"),
        ("orbit: {turn: 90}", "3:17: camera.orbit: around is missing; write around: beside turn"),
        ("orbit: {around: 0}", "3:26: camera.orbit.around: around is 0; allowed: above 0 and up"),
        ("orbit: {around: 2, tilt: 90}", "3:35: camera.orbit.tilt: tilt is 90; allowed: from -89"),
        (
            "orbit: {around: 2, turn: {0: 0, 9: 90}}",
            "3:17: camera.orbit: turn moves, and is the whole turn of the shot; write every: 1 bar",
        ),
        (
            "orbit: {around: 2, every: 1s, ease: in}",
            "3:17: camera.orbit: ease is for a single turn, and every repeats it: remove one of",
        ),
        ("orbit: {around: 2, every: 1 bar}", "3:36: camera.orbit.every: "),
        ("orbit: {around: 2, arond: 2}", '3:29: camera.orbit.arond: unknown key (did you mean "ar'),
        ("dolly_zoom: 2", "3:22: camera.dolly_zoom: expected {subject: 1.5, fov: {0s: 40, end: 20"),
        ("dolly_zoom: {subject: 2}", "3:22: camera.dolly_zoom: expected {subject: 1.5, fov: {0s:"),
        (
            "fov: 40, dolly_zoom: {subject: 2, fov: 30}",
            "3:31: camera.dolly_zoom: camera.fov is written too, and this moves the field of view;",
        ),
        (
            "dolly_zoom: {subject: 2, fov: 180}",
            "3:40: camera.dolly_zoom.fov: fov is 180; allowed: above 0 and below 180",
        ),
        ("look_at: {x: 1}", "3:19: camera.look_at: z is missing; write z: beside x"),
        ("look_at: -1", "3:19: camera.look_at: look_at is -1; allowed: above 0 and up to 10000"),
        ("look_at: there", "3:19: camera.look_at: "),
    ],
)
def test_what_is_wrong(tmp_path: Path, camera: str, told: str) -> None:
    assert_told(tmp_path, f"{BASE}camera: {{{camera}}}\n", told)


@pytest.mark.parametrize(
    "camera",
    [
        'orbit: {around: 1.5, turn: 30, tilt: "10 * sqrt(shot_progress)"}',
        'orbit: {around: "1.5 + 0.2 * sqrt(t)"}',
        'look_at: {z: "2 - sqrt(t)"}',
        'fov: 40, dolly_zoom: {distance: "1.5 - log(t + 0.02) / 10"}',
    ],
)
def test_a_formula_need_have_no_value_before_the_first_frame(tmp_path: Path, camera: str) -> None:
    """Of which the camera's way is asked, in case the shot continues another one."""
    made = make_plan(load(tmp_path, f"{BASE}camera: {{{camera}}}\n"))
    moving = [spec.motions for spec in made]
    assert moving[0] == () and any(moving[1:])

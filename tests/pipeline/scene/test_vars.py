"""Variables of a scene: where formulas use them, in which shots, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import numpy as np
import pytest

from pipeline.plan.make import make_plan, plan_to_json
from pipeline.scene.load import read_scene
from tests.pipeline.scene_files import BASE, complaints, load, write

TWO = """\
video: {size: [96, 96], fps: 12, duration: 4s}
prompts: a castle
vars: {push: {start: 0, end: 24}, gain: 1, sway: gain * push * (1 + shot_progress)}
camera: {mode: 2d, translate_x: sway, roll: {0s: 1}}
shots:
  - {name: a, until: 2s}
  - {name: b, vars: {gain: "2 * t", more: 3}, camera: {roll: more}}
"""


def test_formulas_of_every_section_use_them(tmp_path: Path) -> None:
    scene = load(
        tmp_path,
        BASE
        + "vars: {push: {0: 1, 48: 2}, half: push / 2}\n"
        + "camera: {mode: 2d, zoom: half + 0.5, offset: {x: 10 * push}}\n"
        + "sampler: {eta: half / 2}\n"
        + "guidance: {tv_scale: 100 * push, repaint: {mask: (x + half) / 4}}\n",
    )
    assert scene.camera.zoom(24) == pytest.approx(1.25)
    assert scene.sampler.eta(24) == pytest.approx(0.375)
    assert scene.guidance.tv_scale(24) == pytest.approx(150)
    assert len(make_plan(scene)) == 48
    push = scene.vars["push"]
    assert push is not None and push(24) == 1.5


def test_a_plan_is_the_same_as_of_formulas_that_are_written_out(tmp_path: Path) -> None:
    named = BASE + "vars: {a: 2 * t, b: a + 1}\ncamera: {mode: 2d, roll: a * b, zoom: 1 + b / 99}\n"
    plain = BASE + "camera: {mode: 2d, roll: 2 * t * (2 * t + 1), zoom: 1 + (2 * t + 1) / 99}\n"
    plans = [make_plan(load(tmp_path, text)) for text in (named, plain)]
    assert plan_to_json(plans[0]) == plan_to_json(plans[1])


def test_shots_have_their_own_on_top(tmp_path: Path) -> None:
    scene = load(tmp_path, TWO)
    first, second = (shot.settings.camera for shot in scene.shots)
    frames = np.arange(24.0)
    shown = frames * (1 + frames / 23)
    np.testing.assert_allclose(first.translate_x(frames), shown)
    np.testing.assert_allclose(
        second.translate_x(frames + 24), 2 * (frames + 24) / 12 * shown, rtol=1e-12
    )
    assert (first.roll(0.0), second.roll(24.0)) == (1.0, 3.0)
    assert set(scene.shots[1].settings.vars) == {"push", "gain", "sway", "more"}


@pytest.mark.parametrize(
    ("added", "told"),
    [
        (
            "vars: {beat: 1}",
            ["3:8: vars.beat: beat is what formulas know already; choose another name"],
        ),
        (
            "vars: {a: 2 * b, b: a}",
            [
                "3:15: vars.a: these are made from each other in a circle: a -> b -> a; "
                "take one out of it"
            ],
        ),
        (
            'vars: {a: "1 + clamp(t, 2)"}\ncamera: {zoom: a, roll: "2 * a + b"}',
            [
                "3:16: vars.a: clamp has 2 values; write clamp(x, low, high)",
                '4:34: camera.roll: unknown name "b"; a formula can use a, duration, every, fps, '
                "frame, frames, progress, shot_progress, shot_t, t, pi, tau, e",
            ],
        ),
        (
            "vars: {a: 1 / frame}\ncamera: {zoom: a}",
            ['3:11: vars.a: "1 / frame" is not a finite number at frame 0 (value inf)'],
        ),
        (
            "vars: {push: {0: 1, 9: {value: 2, ease: inout}}}\ncamera: {zoom: psh}",
            [
                "3:41: vars.push.9.ease: ",
                '4:16: camera.zoom: unknown name "psh" (did you mean "push"?); ',
            ],
        ),
        (
            "vars: 3",
            [
                "3:7: vars: expected names and numbers that move, such as "
                "{push: {0s: 1, 4s: 3}}; found 3"
            ],
        ),
        (
            "vars: {a: 2}\ncamera: {zoom: a * 60}",
            ["4:16: camera.zoom: zoom is 120 at frame 0 (0:00); allowed: above 0 and up to 100"],
        ),
    ],
)
def test_mistakes(tmp_path: Path, added: str, told: list[str]) -> None:
    found = complaints(tmp_path, f"{BASE}{added}\n")
    assert len(found) == len(told)
    for line, expected in zip(found, told, strict=True):
        assert line.startswith(expected) and (line == expected or expected.endswith(" "))


def test_a_mistake_of_the_scene_is_told_once_for_all_shots(tmp_path: Path) -> None:
    assert complaints(tmp_path, TWO.replace("gain * push", "gian * push"))[0].startswith(
        '3:50: vars.sway: unknown name "gian" (did you mean "gain"?); '
    )
    assert len(complaints(tmp_path, TWO.replace("gain * push", "gian * push"))) == 1
    assert complaints(tmp_path, TWO.replace("more: 3", "t: 3"))[0].startswith(
        "7:37: shots.b.vars.t: "
    )


def test_a_mistaken_length_leaves_the_variables_to_be_read(tmp_path: Path) -> None:
    told = complaints(
        tmp_path,
        "video: {size: [96, 96], duration: soon}\nprompts: a\nvars: {a: 1 / 0, b: sn(a)}\n",
    )
    assert [line.split(": ")[1] for line in told] == ["video.duration", "vars.a", "vars.b"]


def test_no_warning_of_variables(tmp_path: Path) -> None:
    assert read_scene(write(tmp_path, TWO)).warnings == ()


def test_forty_curves_of_ten_minutes_are_read_in_a_moment(tmp_path: Path) -> None:
    keys = "{0s: 0, bar 50: {value: 0.1, ease: [0.4, 0, 0.2, 1]}, bar 250: 0.5, ease: spring}"
    lines = [f"  a{n}: {keys}\n  b{n}: a{n} * sin(tau * beat / {n + 2})\n" for n in range(15)]
    moves = ("translate_x", "translate_y", "translate_z", "rotate_x", "rotate_y", "roll")
    text = (
        "video: {size: [96, 96], fps: 24, duration: 10:00}\nmusic: {bpm: 120}\nprompts: a castle\n"
        + f"vars:\n{''.join(lines)}camera:\n"
        + "".join(f"  {move}: b{n} + a{n + 6}\n" for n, move in enumerate(moves))
        + "  offset: {x: b12, y: b13, zoom: 1 + a14, roll: b14}\n"
    )
    start = process_time()
    scene = load(tmp_path, text)
    assert (scene.frame_count, len(scene.vars)) == (14_400, 30)
    assert process_time() - start < 1

"""An imported file moves as the original: matrices at every frame, from its documented formulas.

The numbers over time are written out here once more, by hand, from the rules of the programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, radians, sin
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from pipeline.scene.importers.kinds import import_settings
from pipeline.scene.motion import matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion
from tests.pipeline.scene.importers.files import planned

Numbers = NDArray[np.float64]
Over = Callable[[int], float]


def rest(_: int) -> float:
    return 0.0


def line(*keys: tuple[int, float]) -> Over:
    """Straight lines between keys, and their ends held."""
    frames, values = zip(*keys, strict=True)
    return lambda t: float(np.interp(t, frames, values))


def box_3d(x: Over, y: Over, z: Over, a: Over, b: Over, c: Over, t: int) -> Numbers:
    """Row vectors times Rx Ry Rz plus (-x, y, -z) / 200, as one matrix for column vectors."""
    (ca, sa), (cb, sb), (cc, sc) = (
        (cos(radians(turn(t))), sin(radians(turn(t)))) for turn in (a, b, c)
    )
    about_x = np.array([[1, 0, 0], [0, ca, -sa], [0, sa, ca]])
    about_y = np.array([[cb, 0, sb], [0, 1, 0], [-sb, 0, cb]])
    about_z = np.array([[cc, -sc, 0], [sc, cc, 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = (about_x @ about_y @ about_z).T
    matrix[:3, 3] = np.array([-x(t), y(t), -z(t)]) / 200
    return matrix


def flat(x: float, y: float, angle: float, zoom: float, cx: float, cy: float) -> Numbers:
    """The picture is translated, then turned and zoomed about a centre."""
    a, b = zoom * cos(radians(angle)), zoom * sin(radians(angle))
    turn = np.array([[a, b, (1 - a) * cx - b * cy], [-b, a, b * cx + (1 - a) * cy], [0, 0, 1]])
    return turn @ np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])


def motions(name: str, folder: Path) -> Iterator[tuple[int, CameraMotion]]:
    """The motion that leads to each frame but the first."""
    for spec in planned(name, folder).frames[1:]:
        yield spec.frame, spec.motions[-1]


def test_deforum_in_3d(tmp_path: Path) -> None:
    x = line((0, 0), (60, 2 * sin(2 * 3.14 * 60 / 60)))
    end = line((120, 1.5), (180, -1.5))

    def along(t: int) -> float:
        wave = 2 * sin(2 * 3.14 * t / 60)
        return x(t) if t < 60 else wave if t < 120 else end(t)

    for t, motion in motions("deforum_3d.txt", tmp_path):
        expected = box_3d(
            along,
            lambda t: 0.5 * cos(t / 12),
            line((0, 1.75), (120, 4.5), (239, 1)),
            rest,
            line((0, 0.2), (50, -0.2), (100, 0.2)),
            lambda t: (t % 40) / 40 * 0.3,
            t,
        )
        assert_allclose(matrix_3d(motion), expected, atol=1e-10)


def test_the_lens_of_deforum(tmp_path: Path) -> None:
    fov = line((0, 70), (120, 40))
    frames = planned("deforum_3d.txt", tmp_path).frames
    for spec in frames[1:]:
        assert spec.camera.projection == "disco"
        if len(spec.motions) == 1:
            assert spec.camera.fov == pytest.approx(fov(spec.frame))


def test_deforum_in_2d_about_a_centre_that_wanders(tmp_path: Path) -> None:
    zoom, x = line((0, 1.02), (50, 0.99)), line((0, 5), (20, -5), (60, 0))
    centre = line((0, 0.5), (99, 0.75))
    for t, motion in motions("deforum_2d.txt", tmp_path):
        y = 2 if t < 50 else -2
        turned = 2 * sin(t / 8)
        expected = flat(x(t), y, turned, zoom(t), 640 * 0.25, 384 * centre(t))
        assert_allclose(matrix_2d(motion, 640, 384), expected, atol=1e-6)


def test_deforum_s_notebook(tmp_path: Path) -> None:
    for t, motion in motions("deforum_notebook.txt", tmp_path):
        x = 10 * sin(2 * 3.14 * t / 10)
        expected = box_3d(lambda _, x=x: x, rest, lambda _: 10, rest, rest, rest, t)  # type: ignore[misc]
        assert_allclose(matrix_3d(motion), expected, atol=1e-10)


def test_deforum_as_it_reads_odd_schedules(tmp_path: Path) -> None:
    """1e-3 is a formula to it, and is held; keys in any order; the last of two keys; & and ~."""

    def about_y(t: int) -> float:
        return (10 < t < 20) * 0.5 + (not t > 10) * 0.1

    def along(t: int) -> float:
        return 1e-3 if t < 10 else line((10, 2), (30, 3))(t)

    for t, motion in motions("deforum_odd.txt", tmp_path):
        expected = box_3d(
            line((0, 1), (20, 5)),
            line((0, 1), (10, 2)),
            along,
            lambda t: t * 0.01,
            about_y,
            lambda _: 0.25,
            t,
        )
        assert_allclose(matrix_3d(motion), expected, atol=1e-10)


def test_disco_in_3d(tmp_path: Path) -> None:
    """A key behind the end is reached by the last frame, as Disco does it."""
    for t, motion in motions("disco_3d.txt", tmp_path):
        expected = box_3d(
            line((0, 0), (60, 5.5), (120, -5)),
            rest,
            line((0, 10), (239, 2)),
            rest,
            line((0, 0), (20, -0.2), (100, 0.4)),
            lambda _: 0.3,
            t,
        )
        assert_allclose(matrix_3d(motion), expected, atol=1e-10)


def test_disco_in_2d(tmp_path: Path) -> None:
    angle, zoom = line((0, 0), (24, -3.5)), line((0, 1), (10, 1.05))
    x = line((0, 0), (5, 3), (9, 4))
    for t, motion in motions("disco_2d.txt", tmp_path):
        expected = flat(x(t), 1.5, angle(t), zoom(t), 640 // 2, 512 // 2)
        assert_allclose(matrix_2d(motion, 640, 512), expected, atol=1e-10)


def test_parseq_in_2d_moves_by_its_deltas(tmp_path: Path) -> None:
    def absolute(t: int) -> float:
        return 1 + 0.2 * t / 60

    for t, motion in motions("parseq_2d.json", tmp_path):
        angle = 3 * sin(t / 9) - 3 * sin((t - 1) / 9)
        expected = flat(0.5, 0, angle, absolute(t) / absolute(t - 1), 256, 256)
        assert_allclose(matrix_2d(motion, 512, 512), expected, atol=1e-6)


def test_parseq_in_3d(tmp_path: Path) -> None:
    for t, motion in motions("parseq_3d.json", tmp_path):
        y = (t**2 - (t - 1) ** 2) * 0.01
        expected = box_3d(rest, rest, lambda _: 2, rest, lambda _, y=y: y, rest, t)  # type: ignore[misc]
        assert_allclose(matrix_3d(motion), expected, atol=1e-9)


def test_parseq_without_deltas_and_with_gaps(tmp_path: Path) -> None:
    for t, motion in motions("parseq_old.json", tmp_path):
        assert_allclose([motion.translate_x, motion.zoom], [t % 7 - 3, 1.01])
    zooms = [motion.zoom for _, motion in motions("parseq_gaps.json", tmp_path)]
    assert_allclose(zooms, [1, 1.06, 1.06, 1.1])


def steps_kept(name: str, folder: Path) -> list[int]:
    """The steps that each frame takes; 0 where it is only moved."""
    return [
        0 if spec.denoise is None else spec.denoise.sampler.steps - spec.denoise.sampler.skip_steps
        for spec in planned(name, folder).frames
    ]


def test_deforum_paints_on_its_cadence_and_by_its_strength(tmp_path: Path) -> None:
    taken = steps_kept("deforum_3d.txt", tmp_path)
    assert taken[0] == 25
    # Counted anew from the frames on which prompts change, and from the one before the end.
    painted = [*range(0, 30, 4), *range(30, 119, 4), *range(119, 240, 4)]
    assert [t for t, steps in enumerate(taken) if steps] == painted
    for t in painted[1:]:
        share = 1 - (0.65 + 0.1 * sin(2 * 3.14 * t / 120))
        assert taken[t] == round(25 * share)


def test_parseq_paints_on_its_cadence_and_by_its_strength(tmp_path: Path) -> None:
    taken = steps_kept("parseq_2d.json", tmp_path)
    last = len(taken) - 1
    for t, steps in enumerate(taken[1:], start=1):
        strength = 0.65 - 0.3 * (t % 20 == 0)
        assert steps == (round(25 * (1 - strength)) if t % 3 == 0 or t == last else 0)


def test_disco_paints_every_third_frame_in_turbo_and_skips_as_it_does(tmp_path: Path) -> None:
    taken = steps_kept("disco_3d.txt", tmp_path)
    painted = {*range(11), *range(12, 100, 3), *range(100, 240, 3), 239}
    assert taken == [240] + [100 if t in painted else 0 for t in range(1, 240)]
    # 58 % of 100 steps are 57 in Disco.
    assert steps_kept("disco_2d.txt", tmp_path)[:2] == [100, 43]


def test_a_spline_is_disco_s(tmp_path: Path) -> None:
    settings = Path(__file__).parent / "settings" / "disco_spline.txt"
    notes = [str(note) for note in import_settings(settings, tmp_path).notes]
    assert not any("spline runs otherwise" in note for note in notes)
    published = [0, 2.771, 3.55, 3, 1.784, 0.563, 0, 0.54, 1.755, 3, 3.63, 3]
    found = [motion.translate_x for _, motion in motions("disco_spline.txt", tmp_path)]
    assert_allclose(found, published[1:], atol=1e-3)

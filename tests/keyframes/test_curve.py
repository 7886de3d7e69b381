from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline, PchipInterpolator  # type: ignore[import-untyped]

from keyframes.curve import EASES, Curve, Keyframe
from keyframes.easing import EASINGS

FRAMES = [0.0, 3.0, 4.5, 10.0, 30.0, 31.0, 50.0]
VALUES = [1.0, 4.0, 4.0, -2.0, -2.5, 7.0, 6.0]

finite = st.floats(-1e6, 1e6, allow_subnormal=False)


def curve(ease: str, frames: list[float] = FRAMES, values: list[float] = VALUES) -> Curve:
    return Curve(tuple(Keyframe(f, v, ease) for f, v in zip(frames, values, strict=True)))


@st.composite
def keys(draw: st.DrawFn, ease: st.SearchStrategy[str]) -> tuple[Keyframe, ...]:
    frames = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=12, unique=True))
    return tuple(Keyframe(float(frame), draw(finite), draw(ease)) for frame in frames)


def test_linear_between_keys_and_constant_outside() -> None:
    line = Curve((Keyframe(10, 1.0), Keyframe(20, 3.0), Keyframe(40, -1.0)))
    at = np.array([-5.0, 0.0, 10.0, 15.0, 20.0, 25.0, 40.0, 1e9])
    np.testing.assert_array_equal(line(at), [1.0, 1.0, 1.0, 2.0, 3.0, 2.0, -1.0, -1.0])


def test_scalar_in_float_out() -> None:
    line = Curve((Keyframe(0, 0.0), Keyframe(2, 3.0)))
    value = line(1)
    assert type(value) is float
    assert value == 1.5
    assert line(np.array([[0.0, 1.0], [2.0, 3.0]])).tolist() == [[0.0, 1.5], [3.0, 3.0]]
    assert line(np.empty(0)).shape == (0,)


def test_constant() -> None:
    assert Curve.constant(2.5)(np.array([-1.0, 0.0, 99.0])).tolist() == [2.5, 2.5, 2.5]


def test_ease_belongs_to_the_key_at_which_it_arrives() -> None:
    bent = Curve((Keyframe(0, 0.0, "hold"), Keyframe(10, 1.0, "in_quad"), Keyframe(20, 3.0)))
    assert bent(5.0) == 0.25
    assert bent(15.0) == 2.0


def test_hold_jumps_at_the_key() -> None:
    steps = curve("hold")
    for (start, value), (end, following) in pairwise(zip(FRAMES, VALUES, strict=True)):
        assert steps(start) == value
        assert steps(np.nextafter(end, start)) == value
        assert steps(end) == following


def test_eases_can_differ_from_segment_to_segment() -> None:
    eases = ["linear", "in_out", "hold", "out_back", "linear"]
    mixed = Curve(
        tuple(Keyframe(10.0 * i, float(i**2), ease) for i, ease in enumerate(eases)),
    )
    u = np.linspace(0, 0.99, 34)
    for i in (1, 2, 3, 4):
        ease = eases[i]
        rise = np.zeros_like(u) if ease == "hold" else EASINGS[ease](u)
        low, high = (i - 1) ** 2, i**2
        expected = low + (high - low) * rise
        np.testing.assert_allclose(mixed(10 * (i - 1 + u)), expected, rtol=1e-12, atol=1e-12)


def test_monotone_is_scipys_pchip() -> None:
    at = np.linspace(0, 50, 1001)
    expected = PchipInterpolator(FRAMES, VALUES)(at)
    np.testing.assert_allclose(curve("monotone")(at), expected, rtol=1e-12, atol=1e-12)


def test_cubic_is_scipys_natural_spline() -> None:
    at = np.linspace(0, 50, 1001)
    expected = CubicSpline(FRAMES, VALUES, bc_type="natural")(at)
    np.testing.assert_allclose(curve("cubic")(at), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.slow
@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 200), min_size=2, max_size=10, unique=True), st.data())
def test_splines_are_scipys_for_any_keys(frames: list[int], data: st.DataObject) -> None:
    x = [float(frame) for frame in sorted(frames)]
    y = data.draw(st.lists(st.integers(-50, 50), min_size=len(x), max_size=len(x)))
    values = [float(value) for value in y]
    at = np.linspace(x[0], x[-1], 200)
    pchip, natural = PchipInterpolator(x, values), CubicSpline(x, values, bc_type="natural")
    np.testing.assert_allclose(curve("monotone", x, values)(at), pchip(at), atol=1e-9)
    scale = 1 + np.abs(natural(at)).max()
    np.testing.assert_allclose(curve("cubic", x, values)(at), natural(at), atol=1e-10 * scale)


@pytest.mark.parametrize("ease", ["monotone", "cubic"])
def test_a_spline_through_two_keys_is_a_line(ease: str) -> None:
    line = Curve((Keyframe(0, 1.0), Keyframe(8, 5.0, ease)))
    np.testing.assert_allclose(line(np.arange(9.0)), 1 + 0.5 * np.arange(9.0), rtol=1e-15)


def test_neighbouring_segments_form_one_spline_and_others_interrupt_it() -> None:
    eases = ["linear", "cubic", "cubic", "linear", "cubic", "cubic", "cubic"]
    mixed = Curve(tuple(map(Keyframe, FRAMES, VALUES, eases)))
    first, second = (
        CubicSpline(FRAMES[part], VALUES[part], bc_type="natural")
        for part in (slice(0, 3), slice(3, 7))
    )
    for spline, start, end in ((first, 0.0, 4.5), (second, 10.0, 50.0)):
        at = np.linspace(start, end, 200)
        np.testing.assert_allclose(mixed(at), spline(at), rtol=1e-12, atol=1e-12)
    assert mixed(7.25) == pytest.approx(1.0)


@pytest.mark.slow
@settings(derandomize=True, deadline=None)
@given(keys(st.just("monotone")))
def test_the_monotone_spline_never_overshoots(points: tuple[Keyframe, ...]) -> None:
    path = Curve(points)
    for before, after in pairwise(path.keys):
        values = path(np.linspace(before.frame, after.frame, 50))
        low, high = sorted((before.value, after.value))
        slack = 1e-9 * (1 + high - low + abs(low))
        assert np.all((values >= low - slack) & (values <= high + slack))


@settings(derandomize=True, deadline=None)
@given(keys(st.sampled_from(EASES)))
def test_passes_through_its_keys_and_holds_outside(points: tuple[Keyframe, ...]) -> None:
    path = Curve(points)
    assert all(path(key.frame) == key.value for key in points)
    first, last = path.keys[0], path.keys[-1]
    assert path(first.frame - 1) == first.value
    assert path(last.frame + 1) == last.value


@pytest.mark.slow
@settings(derandomize=True, deadline=None)
@given(keys(st.sampled_from(EASES)))
def test_one_frame_and_all_frames_agree(points: tuple[Keyframe, ...]) -> None:
    path = Curve(points)
    frames = np.arange(-1.0, 60.0, 0.75)
    assert path(frames).tolist() == [path(frame) for frame in frames.tolist()]


def test_keys_are_sorted_and_equality_is_that_of_the_keys() -> None:
    early, late = Keyframe(0, 1.0), Keyframe(5, 2.0)
    path = Curve((late, early))
    assert path.keys == (early, late)
    assert path == Curve((early, late))
    assert hash(path) == hash(Curve((early, late)))
    assert pickle.loads(pickle.dumps(path))(2.5) == 1.5


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ((), "a curve without keys; give it at least one"),
        ((Keyframe(4, 1.0), Keyframe(4.0, 2.0)), "two keys at frame 4; keep one of them"),
    ],
)
def test_no_curve(points: tuple[Keyframe, ...], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Curve(points)


def test_no_key() -> None:
    with pytest.raises(ValueError, match=r"^the frame of a key must be finite; found inf$"):
        Keyframe(float("inf"), 1.0)
    with pytest.raises(ValueError, match=r"^the value of a key must be finite; found nan$"):
        Keyframe(0.0, float("nan"))
    with pytest.raises(ValueError) as error:
        Keyframe(0.0, 1.0, "inout")
    assert str(error.value) == (
        'unknown ease "inout" (did you mean "in_out"?); allowed: linear, hold, monotone, cubic, '
        "in, out, in_out, and these three with sine, quad, cubic, quart, quint, expo, circ, "
        "back, elastic or bounce, such as in_out_cubic; spring, disco_quadratic, disco_cubic; "
        "and a bezier curve such as [0.4, 0, 0.2, 1]"
    )


def test_a_jump_between_frames_takes_effect_on_the_nearest_one() -> None:
    steps = Curve((Keyframe(0, 1.0), Keyframe(10.25, 2.0, "hold"), Keyframe(20.75, 3.0, "hold")))
    assert [steps(frame) for frame in (9, 10, 11, 20, 20.9, 21, 22)] == [1, 2, 2, 2, 2, 3, 3]
    late = Curve((Keyframe(0, 1.0), Keyframe(9.75, 2.0, "hold"), Keyframe(10.25, 3.0, "hold")))
    assert [late(frame) for frame in (9, 10, 11)] == [1, 3, 3]


@pytest.mark.parametrize("ease", ["linear", "cubic", "monotone", "in_quad"])
def test_what_follows_an_early_jump_waits_for_its_key(ease: str) -> None:
    jump = Curve((Keyframe(0, 1.0), Keyframe(10.25, 2.0, "hold"), Keyframe(20.25, 3.0, ease)))
    assert jump(9.0) == 1.0
    assert jump(10.0) == jump(10.25) == 2.0
    assert 2.0 < jump(11.0) < 2.2
    if ease == "linear":
        assert jump(11.0) == pytest.approx(2.075)


@pytest.mark.parametrize("ease", EASES)
def test_values_beyond_all_bounds_and_keys_upon_one_another_raise_nothing(ease: str) -> None:
    high = curve(ease, values=[1e308, -1e308, 1e308, 1e308, -1e308, 0.0, -1e308])
    assert high(np.arange(60.0)).shape == (60,)
    near = curve(ease, [0.0, 1e-17, 2e-17, 1e-3, 86400.0, 86401.0, 1e9], VALUES)
    assert near(np.arange(60.0)).shape == (60,)

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.prompts import Prompt, Prompts, PromptSchedule, normalised, schedule_problems
from keyframes.timebase import Tempo, Timebase

SEA, CASTLE, FOG = Prompt("sea"), Prompt("castle"), Prompt("fog", -0.5)


def schedule(*keys: tuple[float, Prompts], blend: float = 0.0) -> PromptSchedule:
    return PromptSchedule(tuple(keys), blend)


def test_holds_from_the_key_on_and_before_the_first() -> None:
    prompts = schedule((48, (CASTLE,)), (10, (SEA,)))
    assert prompts(0) == (SEA,)
    assert prompts(10) == (SEA,)
    assert prompts(47.9) == (SEA,)
    assert prompts(48) == (CASTLE,)
    assert prompts(1e6) == (CASTLE,)
    assert prompts.keys == ((10, (SEA,)), (48, (CASTLE,)))


def test_weights_of_a_set_add_up_to_1_or_minus_1() -> None:
    assert normalised((Prompt("a", 3), Prompt("b", 1))) == (Prompt("a", 0.75), Prompt("b", 0.25))
    assert normalised((Prompt("a"), FOG)) == (Prompt("a", 2.0), Prompt("fog", -1.0))
    assert normalised((Prompt("a", -4), Prompt("b", 2))) == (Prompt("a", -2.0), Prompt("b", 1.0))


def test_a_text_is_one_prompt_and_weight_0_is_none() -> None:
    prompts = (Prompt("a", 1), Prompt("b", 0), Prompt("a", 1), Prompt("c", 2))
    assert normalised(prompts) == (Prompt("a", 0.5), Prompt("c", 0.5))


def test_the_fade_begins_at_the_key() -> None:
    prompts = schedule((0, (SEA,)), (10, (CASTLE,)), blend=4)
    assert prompts(9) == (SEA,)
    assert prompts(10) == (SEA,)
    assert prompts(11) == (Prompt("sea", 0.75), Prompt("castle", 0.25))
    assert prompts(12.0) == (Prompt("sea", 0.5), Prompt("castle", 0.5))
    assert prompts(14) == (CASTLE,)


def test_the_first_prompts_do_not_fade_in() -> None:
    assert schedule((10, (SEA,)), (20, (CASTLE,)), blend=8)(11) == (SEA,)


def test_a_text_on_both_sides_of_a_fade_stays_one_prompt() -> None:
    old = (Prompt("sea", 3), Prompt("fog", 1))
    new = (Prompt("fog", 1), Prompt("castle", 3))
    prompts = schedule((0, old), (8, new), blend=4)
    assert prompts(9) == (Prompt("sea", 0.5625), Prompt("fog", 0.25), Prompt("castle", 0.1875))


def test_both_sides_of_a_fade_are_normalised_first() -> None:
    prompts = schedule((0, (Prompt("sea", 100),)), (8, (Prompt("castle", 0.1),)), blend=4)
    assert prompts(10) == (Prompt("sea", 0.5), Prompt("castle", 0.5))


def test_over_shares_equal_neighbours() -> None:
    prompts = schedule((0, (SEA,)), (4, (SEA,)), (6, (CASTLE,)), blend=2)
    sets = prompts.over(10)
    assert sets == tuple(prompts(frame) for frame in range(10))
    assert len({id(prompts) for prompts in sets}) == 3
    assert sets[0] is sets[6]
    assert sets[8] is sets[9]


weights = st.integers(1, 40).map(lambda quarter: quarter / 4)
sets = st.lists(st.builds(Prompt, st.sampled_from("abcd"), weights), min_size=1, max_size=4)


@settings(derandomize=True, deadline=None)
@given(st.lists(sets, min_size=1, max_size=4), st.floats(0, 10), st.floats(0, 60))
def test_weights_add_up_to_1_at_every_frame(
    contents: list[list[Prompt]], blend: float, frame: float
) -> None:
    keys = [(10.0 * i, tuple(content)) for i, content in enumerate(contents)]
    prompts = schedule(*keys, blend=blend)(frame)
    assert fsum(prompt.weight for prompt in prompts) == pytest.approx(1.0, abs=1e-12)
    assert len({prompt.text for prompt in prompts}) == len(prompts)


@pytest.mark.parametrize(
    ("keys", "blend", "message"),
    [
        ((), 0, "there are no prompts; write at least one"),
        (((4, ()),), 0, "there are no prompts at frame 4; write at least one"),
        (
            ((4, (SEA, Prompt("fog", -1))),),
            0,
            "the weights of the prompts at frame 4 sum to 0 (1, -1); change one, so that they do "
            "not cancel",
        ),
        (((4, (SEA,)), (4, (FOG,))), 0, "two keys at frame 4; keep one of them"),
        (((float("nan"), (SEA,)),), 0, "the frame of a key must be finite; found nan"),
        (((0, (SEA,)),), -1, "a blend is a number of frames, 0 or more; found -1"),
        (
            ((0, (SEA,)), (10, (CASTLE,)), (20, (SEA,))),
            12,
            "the blend takes 12 frames, but only 10 lie between frame 10 and frame 20; shorten it, "
            "or move the keys apart",
        ),
        (
            ((0, (SEA,)), (10, (FOG,))),
            2,
            "the prompts fade at frame 10 from weights that sum to 1 to weights that sum to -0.5, "
            "and cancel on the way; give both sums one sign, or set `blend` to 0",
        ),
    ],
)
def test_no_schedule(keys: tuple[tuple[float, Prompts], ...], blend: float, message: str) -> None:
    with pytest.raises(ValueError) as error:
        PromptSchedule(keys, blend)
    assert str(error.value) == message


def test_a_hard_cut_may_change_the_sign_and_a_fade_may_fill_the_gap() -> None:
    assert schedule((0, (SEA,)), (10, (FOG,)))(10) == (Prompt("fog", -1.0),)
    assert schedule((0, (SEA,)), (2, (CASTLE,)), (12, (SEA,)), blend=10)(12) == (CASTLE,)


def test_no_prompt() -> None:
    for text in ("", " \n"):
        with pytest.raises(
            ValueError, match=r"^a prompt without text; describe what the picture shows$"
        ):
            Prompt(text)
    for weight in (float("nan"), float("inf"), 1001.0):
        with pytest.raises(ValueError) as error:
            Prompt("a", weight)
        assert str(error.value) == (f"a weight is a number from -1000 to 1000; found {weight:g}")


def test_normalising_weights_that_cancel() -> None:
    with pytest.raises(ValueError, match=r"^weights that cancel cannot be normalised$"):
        normalised((SEA, Prompt("fog", -1)))


def test_prompts_turn_from_the_middle_of_a_fade_to_its_end_and_in_the_frame_of_a_cut() -> None:
    keys = ((0.0, (Prompt("a tree"),)), (10.0, (Prompt("a castle"),)))
    fading, cut = PromptSchedule(keys, blend=8), PromptSchedule(keys)
    turning = [fading.turning(frame) for frame in range(24)]
    assert turning == [0] * 11 + [0.25, 0.5, 0.75] + [1] * 5 + [0] * 5
    assert [cut.turning(frame) for frame in (0, 9, 10, 10.5, 11)] == [0, 0, 1, 1, 0]
    assert PromptSchedule(keys[1:]).turning(10) == 0


def test_a_fade_that_begins_where_one_ends_lets_that_end() -> None:
    """Frame 8 is the first that shows the second set alone, and what the third fades in from."""
    texts = enumerate(("a", "b", "c"))
    keys = tuple((4.0 * k, (Prompt(text),)) for k, text in texts)
    prompts = PromptSchedule((keys[0], (2.0, keys[1][1]), keys[2]), blend=(0, 6, 4))
    assert prompts(8) == (Prompt("b"),)
    assert [prompts.turning(frame) for frame in range(7, 15)] == [1, 1, 0.5, 1, 1, 1, 0, 0]


@given(
    st.lists(st.integers(0, 40).map(lambda n: n / 2), min_size=1, max_size=5, unique=True),
    st.sampled_from([0.0, 0.5, 1.0, 0.3]),
    st.integers(1, 30),
)
def test_all_frames_at_once_are_as_each_of_them(
    starts: list[float], share: float, count: int
) -> None:
    starts.sort()
    gaps = [after - before for before, after in pairwise(starts)]
    keys = [(start, (Prompt("ab"[k % 3 > 1]), Prompt("c"))) for k, start in enumerate(starts)]
    prompts = schedule(*keys, blend=share * min(gaps, default=4.0))
    sets = prompts.over(count)
    assert sets == tuple(prompts(frame) for frame in range(count))
    for before, after in pairwise(sets):
        assert (before is after) == (before == after)
    turning = prompts.turning(np.arange(count, dtype=np.float64))
    assert turning.tolist() == [prompts.turning(frame) for frame in range(count)]


@pytest.mark.parametrize("bpm", [100, 120, 127.3])
def test_a_cut_on_a_bar_is_never_late_by_more_than_half_a_frame(bpm: float) -> None:
    ntsc = Timebase(Fraction(30000, 1001), Tempo(bpm, 0.1))
    bars = [ntsc.frame(f"bar {bar}") for bar in range(1, 60)]
    prompts = schedule(*((frame, (Prompt(f"bar {k}"),)) for k, frame in enumerate(bars)))
    sets = prompts.over(int(bars[-1]) + 2)
    for number, frame in enumerate(bars[1:], start=1):
        shown = next(n for n, one in enumerate(sets) if one[0].text == f"bar {number}")
        assert abs(shown - frame) <= 0.5
        assert prompts.turning(shown) == 1
        assert prompts.turning(shown - 1) == prompts.turning(shown + 1) == 0


def test_a_fade_is_in_time_between_frames_and_one_below_a_frame_is_a_cut() -> None:
    fading = schedule((0, (SEA,)), (10.25, (CASTLE,)), blend=2)
    assert fading(11) == (Prompt("sea", 0.625), Prompt("castle", 0.375))
    cut = schedule((0, (SEA,)), (10.25, (CASTLE,)), blend=0.75)
    assert cut.over(12)[9:11] == ((SEA,), (CASTLE,))


def test_of_two_cuts_in_one_frame_the_later_one_stays() -> None:
    assert schedule((0, (SEA,)), (9.6, (FOG,)), (10.4, (CASTLE,))).over(12)[9:11] == (
        (SEA,),
        (CASTLE,),
    )


def test_each_key_may_have_its_own_fade() -> None:
    keys = ((20.0, (SEA,)), (0.0, (SEA,)), (10.0, (CASTLE,)))
    prompts = PromptSchedule(keys, (0.0, 3.0, 4.0))
    assert prompts.blends == (3.0, 4.0, 0.0)
    assert prompts(12) == (Prompt("sea", 0.5), Prompt("castle", 0.5))
    assert prompts(20) == (SEA,)


@pytest.mark.parametrize("first", [0, 1, 9, 10, 11, 13, 20, 29, 30])
def test_the_prompts_of_a_stretch_are_those_of_all_frames(first: int) -> None:
    prompts = schedule((0, (SEA,)), (10, (SEA, FOG)), (20.5, (CASTLE,)), blend=4)
    assert prompts.over(30, first) == prompts.over(30)[first:]


@pytest.mark.parametrize("fps", [12.0, 24.0, 30.0, 24000 / 1001, 60.0])
@pytest.mark.parametrize("bpm", [87.0, 100.0, 110.0, 125.0, 140.0])
def test_a_fade_that_ends_on_a_frame_is_over_on_it(fps: float, bpm: float) -> None:
    """Whatever rounding makes of where it begins and of how long it is."""
    beat = fps * 60 / bpm
    for end in range(200, 560, 7):
        length = 2 * beat
        fade = schedule((0.0, (SEA,)), (end - length, (CASTLE,)), blend=length)
        assert fade(end) == (CASTLE,)
        assert fade.turn(end).over == end
        assert (fade.turning(end), fade.turning(end + 1.0)) == (1.0, 0.0)
        assert fade(end - 1.0) != (CASTLE,)


@pytest.mark.parametrize(("weight", "left"), [(-1.0, "0"), (-0.9995, "0.0005"), (-0.9989, "")])
def test_what_is_left_of_the_weights_is_a_thousandth_of_the_largest_or_more(
    weight: float, left: str
) -> None:
    prompts = (Prompt("castle"), Prompt("fog", weight))
    problems = [message for _, message in schedule_problems(((0.0, prompts),), (0.0,))]
    told = f"at frame 0 sum to {left} (1, {weight:g}); change one, so that they do not cancel"
    assert problems == ([f"the weights of the prompts {told}"] if left else [])
    if not left:
        assert sum(one.weight for one in normalised(prompts)) == pytest.approx(1)

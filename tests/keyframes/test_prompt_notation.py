"""Prompts as authors write them: texts, lists, times of a video, pictures; and mistakes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from keyframes.mistakes import Located
from keyframes.notation import read_prompts
from keyframes.prompts import Prompt, PromptSchedule
from keyframes.timebase import Tempo, Timebase
from tests.keyframes.read_values import MUSIC, TIMES, problems, prompts

ONE_PROMPT = "expected a text, {text, weight} or {image, weight}"
ANY_PROMPT = "expected a text, {text, weight}, {image, weight} or a list of these"

SEA = (Prompt("sea"),)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("sea", PromptSchedule(((0, SEA),))),
        ("time: 12:30", PromptSchedule(((0, (Prompt("time: 12:30"),)),))),
        (["sea"], PromptSchedule(((0, SEA),))),
        ({"text": "sea", "weight": 3}, PromptSchedule(((0, SEA),))),
        (
            ["sea", {"text": "fog", "weight": -0.5}],
            PromptSchedule(((0, (Prompt("sea", 2), Prompt("fog", -1))),)),
        ),
        (
            {"blend": "2 beats", "bar 2": [{"text": "fog"}], "0s": "sea"},
            PromptSchedule(((0, SEA), (48, (Prompt("fog"),))), 24.0),
        ),
    ],
)
def test_prompts(data: object, expected: PromptSchedule) -> None:
    assert prompts(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            None,
            Located(
                (),
                f"{ANY_PROMPT}, found nothing",
            ),
        ),
        (
            7,
            Located((), f"{ANY_PROMPT}, found 7"),
        ),
        ("", Located((), "a prompt without text; describe what the picture shows")),
        ([], Located((), "an empty list; write at least one prompt")),
        (
            [["sea"]],
            Located((0,), f"{ONE_PROMPT}, found a list"),
        ),
        ({}, Located((), 'there are no prompts; write at least one, such as {0s: "a forest"}')),
        (
            ["sea", {"text": "fog", "weight": -1}],
            Located(
                (),
                "the weights of the prompts at the start sum to 0 (1, -1); change one, so that "
                "they do not cancel",
            ),
        ),
        (
            {"0s": "sea", "bar 5": ["sea", {"text": "fog", "weight": -1}]},
            Located(
                ("bar 5",),
                "the weights of the prompts at bar 5 sum to 0 (1, -1); change one, so that they do "
                "not cancel",
            ),
        ),
        (
            {"0s": "sea", "bar 2": "fog", "bar 3": "sea", "blend": "2 bars"},
            Located(
                ("blend",),
                "the blend takes 96 frames, but only 48 lie between bar 2 and bar 3; shorten it, "
                "or move the keys apart",
            ),
        ),
        (
            {"0s": "sea", 24: [{"text": "fog", "weight": -2}], "blend": 12},
            Located(
                (24,),
                "the prompts fade at frame 24 from weights that sum to 1 to weights that sum to "
                "-2, and cancel on the way; give both sums one sign, or set `blend` to 0",
            ),
        ),
    ],
)
def test_no_prompts(data: object, expected: Located) -> None:
    assert problems(prompts, data) == [expected]


def test_every_mistake_of_the_prompts() -> None:
    data = {
        "blend": "bar 3",
        "0s": "",
        "soon": 3,
        "bar 9": [{"txt": "a", "weight": "much"}, {"text": "b", "weight": 1e9}],
    }
    durations = '96, or "16 bars", "2 beats", "4s", "250ms" or "1:30"'
    assert problems(prompts, data) == [
        Located(
            ("blend",),
            f'a duration is a number of frames such as {durations}; found "bar 3", which is a time',
        ),
        Located(("0s",), "a prompt without text; describe what the picture shows"),
        Located(("soon",), f'a time is a frame number such as {TIMES}; found "soon"', at_key=True),
        Located(
            ("soon",),
            f"{ANY_PROMPT}, found 3",
        ),
        Located(
            ("bar 9", 0, "txt"),
            'unknown key (did you mean "text"?); allowed: text, image, weight',
            at_key=True,
        ),
        Located(("bar 9", 0, "text"), "expected a text, found nothing"),
        Located(("bar 9", 0, "weight"), 'expected a number, found "much"'),
        Located(("bar 9", 1, "weight"), "a weight is a number from -1000 to 1000; found 1e+09"),
    ]


def named_here(name: str) -> str:
    if name == "gone.png":
        raise ValueError(f"{name} does not exist")
    return f"/here/{name}"


def test_pictures_stand_beside_texts() -> None:
    data = {0: ["fog", {"image": "a.png", "weight": 3}], 24: {"image": "a.png"}}
    read = read_prompts(data, MUSIC, named_here)
    picture = Prompt("/here/a.png", 0.75, image=True)
    assert read(0) == (Prompt("fog", 0.25), picture)
    assert read(24) == (Prompt("/here/a.png", image=True),)


def test_a_picture_is_not_the_text_of_its_name() -> None:
    data = [{"image": "a.png"}, {"text": "/here/a.png"}, {"image": "a.png"}]
    read = read_prompts(data, MUSIC, named_here)
    assert [(prompt.image, round(prompt.weight * 3)) for prompt in read(0)] == [
        (True, 2),
        (False, 1),
    ]


def test_no_picture() -> None:
    both = [{"image": "gone.png"}, {"image": "a.png", "text": "fog"}, {"image": 3}]
    assert problems(lambda data: read_prompts(data, MUSIC, named_here), both) == [
        Located((0, "image"), "gone.png does not exist"),
        Located((1, "image"), "a prompt is a text or an image; make two of them", at_key=True),
        Located((2, "image"), "expected a text, found 3"),
    ]


def test_a_blend_in_beats_is_as_long_as_they_are_where_it_begins() -> None:
    slowing = Timebase(Fraction(24), Tempo(120, 0.0, 4, ((4, 60),)))
    data = {0: "sea", "beat 2": "fog", "bar 2": "sea", "end - 1 bar": "fog", "blend": "1 beat"}
    schedule = read_prompts(data, slowing.within(0, 480))
    assert [frame for frame, _ in schedule.keys] == [0, 12, 48, 384]
    assert schedule.blends == (12, 12, 24, 24)


def test_a_fade_may_fill_the_time_to_the_next_prompts_whatever_rounding_makes_of_it() -> None:
    """At 127 beats a minute neither keys nor fades lie on whole numbers of frames."""
    odd = Timebase(Fraction(24), Tempo(127))
    bars = {f"bar {bar}": f"the {bar}. sea" for bar in range(1, 40)}
    schedule = read_prompts({**bars, "blend": "1 bar"}, odd)
    assert any(
        after - before < blend
        for (before, _), (after, _), blend in zip(
            schedule.keys, schedule.keys[1:], schedule.blends, strict=False
        )
    )
    for number, turn in enumerate(schedule.turns[1:], start=2):
        assert schedule(turn.start) == (Prompt(f"the {number - 1}. sea"),)
    longer = problems(lambda data: read_prompts(data, odd), {**bars, "blend": "1.001 bars"})
    took = "the blend takes 45.39968504 frames, but only 45.35433071 lie"
    assert longer and all(one.message.startswith(took) for one in longer)


def test_a_fade_in_seconds_may_fill_the_time_at_a_frame_rate_with_decimals() -> None:
    odd = Timebase(Fraction("29.97"))
    schedule = read_prompts({"0s": "sea", "9s": "fog", "10s": "snow", "blend": "1s"}, odd)
    assert schedule(odd.frame("10s")) == (Prompt("fog"),)

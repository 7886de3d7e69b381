"""What a plan shows, stretch by stretch, as its author reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.plan.prompt_spans import prompt_spans
from tests.pipeline.scene_files import VIDEO, load, write_picture


def spans(folder: Path, prompts: str) -> list[tuple[int, int, str]]:
    plan = make_plan(load(folder, f"{VIDEO}prompts: {prompts}\n"))
    return [(span.first, span.last, span.words) for span in prompt_spans(plan)]


@pytest.mark.parametrize(
    ("prompts", "words"),
    [
        ("a castle", "a castle"),
        ("[a castle, fog]", "a castle + fog"),
        ("[a castle, {text: fog, weight: -0.3}]", "1 a castle + -0.3 fog"),
        ("[{text: a castle, weight: 4}, {text: the sea, weight: 1}]", "1 a castle + 0.25 the sea"),
        ("{text: fog, weight: -3}", "-1 fog"),
    ],
)
def test_weights_stand_beside_each_other_where_they_are_not_1(
    tmp_path: Path, prompts: str, words: str
) -> None:
    assert spans(tmp_path, prompts) == [(0, 47, words)]


def test_a_picture_is_named_without_its_folders(tmp_path: Path) -> None:
    write_picture(tmp_path / "like.png")
    shown = spans(tmp_path, "[fog, {image: like.png, weight: 2}]")
    assert shown == [(0, 47, "0.5 fog + 1 picture like.png")]


def test_a_fade_is_one_stretch(tmp_path: Path) -> None:
    assert spans(tmp_path, "{0: a castle, 20: the sea, blend: 6}") == [
        (0, 20, "a castle"),
        (21, 25, "a castle + the sea, fading"),
        (26, 47, "the sea"),
    ]


def rarely(folder: Path, prompts: str, sampler: str) -> list[tuple[int, int, str]]:
    return spans(folder, f"{prompts}\nsampler: {{{sampler}}}")


@pytest.mark.parametrize("way", ["blend", "flow"])
def test_frames_between_painted_ones_fade_from_the_one_to_the_other(
    tmp_path: Path, way: str
) -> None:
    fade = "{0: a castle, 8: the sea, blend: 4}"
    assert rarely(tmp_path, fade, f"every: 24, inbetween: {way}") == [
        (0, 8, "a castle"),
        (9, 11, "a castle + the sea, fading"),
        (12, 47, "the sea"),
    ]
    # Frames 8, 11, 14 and 17 are painted, and 20, where all is over.
    long = "{0: a castle, 8: the sea, blend: 12}"
    assert rarely(tmp_path, long, f"every: 3, inbetween: {way}")[1] == (
        *(9, 19, "a castle + the sea, fading"),
    )
    assert rarely(tmp_path, fade.replace("blend: 4", "blend: 2"), "every: 24")[1] == (
        *(9, 9, "a castle + the sea, fading"),
    )


def test_a_frame_of_a_shot_that_goes_on_beneath_the_next_one_is_seen_too(tmp_path: Path) -> None:
    """Its next painted frame is behind the shot's own end."""
    shots = "shots: [{name: a, until: 1s}, {name: b, enter: {fade: 10}}]"
    assert rarely(tmp_path, "{0: a castle, 20: the sea, blend: 12}", f"every: 7}}\n{shots}#") == [
        (0, 20, "a castle"),
        (21, 23, "a castle + the sea, fading"),
        (24, 31, "a castle + the sea, fading"),
        (32, 47, "the sea"),
    ]


def test_a_frame_that_shows_the_last_painted_one_alone_is_in_no_fade(tmp_path: Path) -> None:
    fade = "{0: a castle, 8: the sea, blend: 4}"
    whole = [(0, 11, "a castle"), (12, 47, "the sea")]
    assert rarely(tmp_path, fade, "every: 24, inbetween: warp") == whole
    assert rarely(tmp_path, "{0: a castle, 12: the sea}", "every: 5") == whole


def test_what_to_stay_away_from_is_seen_in_a_fade_too(tmp_path: Path) -> None:
    prompts = "{0: [a castle, {text: fog, weight: -0.3}], 20: the sea, blend: 6}"
    assert spans(tmp_path, prompts)[1] == (21, 25, "a castle + -fog + the sea, fading")


def test_other_weights_of_the_same_texts_are_another_stretch(tmp_path: Path) -> None:
    fog = "[a castle, {{text: fog, weight: {}}}]".format
    assert spans(tmp_path, f"{{0: {fog(0.5)}, 20: {fog(-0.5)}, 40: {fog(-0.5)}}}") == [
        (0, 19, "1 a castle + 0.5 fog"),
        (20, 47, "1 a castle + -0.5 fog"),
    ]


def test_a_shot_in_which_nothing_is_painted_shows_what_it_begins_with(tmp_path: Path) -> None:
    write_picture(tmp_path / "one.png")
    still = "sampler: {strength: 0}"
    shots = (
        f"{{name: a, until: 16, start: one.png, {still}}}",
        f"{{name: b, until: 32, enter: continue, {still}}}",
        "{name: c, until: 47}",
        "{name: d, end: one.png}",
    )
    text = f"{VIDEO}prompts: fog\nshots: [{', '.join(shots)}]\n"
    shown = prompt_spans(make_plan(load(tmp_path, text)))
    assert [(span.first, span.last, span.words) for span in shown] == [
        (0, 15, "picture one.png"),
        (16, 31, "the last frame of shot a"),
        (32, 46, "fog"),
        (47, 47, "picture one.png"),
    ]

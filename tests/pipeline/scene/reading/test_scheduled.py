"""Numbers over the video or the denoising: every notation, and none taken for another."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from pipeline.plan.denoising import SCHEDULED
from pipeline.plan.make import make_plan
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.scene_files import BASE, complaints, load

IN_RANGE = {"cut_icgray_p": (0.5, 1.0)}
"""Two values for each setting; 6 and 2 unless written here."""


def guidance(folder: Path, name: str, written: str) -> list[GuidanceSpec]:
    made = make_plan(load(folder, BASE + f"guidance: {{{name}: {written}}}\n"))
    return [spec.painting.guidance for spec in made]


@pytest.mark.parametrize("name", SCHEDULED)
@pytest.mark.parametrize(
    "form",
    [
        "{{0%: {a}, 40%: {b}}}",
        "{{40 %: {b}, 0%: {a}}}",
        "[{a} for 40%, {b}]",
        "[{a} for 40%, {b} for 60%]",
        "'[{a}]*400+[{b}]*600'",
    ],
)
def test_every_scale_and_cut_may_change_over_the_denoising(
    tmp_path: Path, name: str, form: str
) -> None:
    a, b = IN_RANGE.get(name, (6.0, 2.0))
    number = f"{a:g}", f"{b:g}"
    made = guidance(tmp_path, name, form.format(a=number[0], b=number[1]))
    assert {getattr(one, name) for one in made} == {StepSchedule(((0.0, a), (0.4, b)))}


@pytest.mark.parametrize("name", SCHEDULED)
@pytest.mark.parametrize(
    "form", ["{{0s: {a}, 47f: {b}}}", "'{a} + ({b} - {a}) * frame / 47'", "'0: ({a}), 47: ({b})'"]
)
def test_and_over_the_video(tmp_path: Path, name: str, form: str) -> None:
    a, b = IN_RANGE.get(name, (6.0, 2.0))
    made = guidance(tmp_path, name, form.format(a=a, b=b))
    assert getattr(made[0], name) == StepSchedule.constant(a)
    assert getattr(made[-1], name).values == (pytest.approx(b),)
    assert len({getattr(one, name) for one in made}) > 2


@pytest.mark.parametrize("name", ["cut_overview", "cut_innercut"])
def test_counts_over_the_video_are_whole(tmp_path: Path, name: str) -> None:
    counts = [getattr(one, name).values[0] for one in guidance(tmp_path, name, "{0f: 2, 4f: 4}")]
    assert counts[:5] == [2, 2, 3, 4, 4]


def test_plain_numbers_are_frames_for_a_scale_and_shares_for_cuts(tmp_path: Path) -> None:
    """A scale of 1 at frame 0 and 3 at frame 40; one cutout, from half of the denoising on two."""
    (scale, *_), (cut, *_) = (
        [getattr(one, name) for one in guidance(tmp_path, name, written)][20:]
        for name, written in (("tv_scale", "{0: 1, 40: 3}"), ("cut_overview", "{0: 1, 0.5: 2}"))
    )
    assert (scale, cut) == (StepSchedule.constant(2), StepSchedule(((0.0, 1.0), (0.5, 2.0))))


def test_many_shares_stand_where_they_are_written(tmp_path: Path) -> None:
    (made, *_) = guidance(tmp_path, "tv_scale", "[1 for 12.5%, 2 for 12.5%, 3 for 25%, 4]")
    assert made.tv_scale.steps == ((0.0, 1.0), (0.125, 2.0), (0.25, 3.0), (0.5, 4.0))


HOLDS = "expected a value and how long it holds, such as [12 for 40%, 4]; found"
LEFT, TAKEN = "nothing is left for the last value:", "are taken before it"
SHARE = "a share of the denoising goes from 0% (noise) to below 100% (picture), found"
MISTAKES = {
    "tv_scale: {0%: 1, 100%: 2}": f'30: guidance.tv_scale.100%: {SHARE} "100%"',
    "tv_scale: {0%: 1, bar 2: 2}": f'30: guidance.tv_scale.bar 2: {SHARE} "bar 2"',
    "tv_scale: {0%: 1, 50%: 2, 50.0%: 2}": (
        '38: guidance.tv_scale.50.0%: "50.0%" stands here already; keep one of the two'
    ),
    "tv_scale: {10%: 1}": (
        "22: guidance.tv_scale: no value at the beginning; add one, such as {0%: 12, 40%: 4}"
    ),
    "tv_scale: {0%: -1}": "27: guidance.tv_scale.0%: expected a number 0 or more, found -1",
    "cut_overview: {0%: 1.5}": (
        "31: guidance.cut_overview.0%: expected a whole number from 0 to 256, found 1.5"
    ),
    "tv_scale: [1, 2]": f"23: guidance.tv_scale.0: {HOLDS} 1",
    "tv_scale: [1 for 100%, 2]": f"35: guidance.tv_scale.1: {LEFT} 100% {TAKEN}",
    "tv_scale: [1 for 40%, 2 for 80%, 3]": f"45: guidance.tv_scale.2: {LEFT} 120% {TAKEN}",
    "tv_scale: [1 for 40%, 2, 3]": f"34: guidance.tv_scale.1: {HOLDS} 2",
    "tv_scale: {0: 1, 0.5: 2}": (
        "22: guidance.tv_scale: keys below 1 are shares of the denoising, and are written in "
        "percent here, such as {0%: 12, 40%: 4}; whole numbers are frames of the video"
    ),
    "tv_scale: [1 for 0%, 2]": f'23: guidance.tv_scale.0: {HOLDS} "1 for 0%"',
    "tv_scale: [1 until 40%, 2]": f'23: guidance.tv_scale.0: {HOLDS} "1 until 40%"',
    "tv_scale: [one for 40%, 2]": (
        '23: guidance.tv_scale.0: expected a number 0 or more, found "one"'
    ),
    "tv_scale: [1 for 40%, 2 for 50%]": (
        "22: guidance.tv_scale: the shares add up to 90%; make it 100%, or write the last value"
        " alone, such as [12 for 40%, 4]"
    ),
    "tv_scale: []": (
        "22: guidance.tv_scale: the shares add up to 0%; make it 100%, or write the last value"
        " alone, such as [12 for 40%, 4]"
    ),
    "cut_icgray_p: '[0.2]*400+[2]*600'": (
        "38: guidance.cut_icgray_p: expected a number from 0 to 1, found 2.0"
    ),
    "cut_overview: '[12]*400+[4]*60'": (
        "26: guidance.cut_overview: these are 460 values; write 1000, one for each timestep,"
        ' such as "[12]*400+[4]*600"'
    ),
    "cut_overview: {0f: 0, 40f: 4}, cut_innercut: {0%: 4, 50%: 0}": (
        "57: guidance.cut_innercut: cut_overview and cut_innercut are both 0 at frame 0 (0:00);"
        " CLIP needs a cutout to see"
    ),
}


@pytest.mark.parametrize(("written", "problem"), MISTAKES.items())
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, written: str, problem: str) -> None:
    assert complaints(tmp_path, BASE + f"guidance: {{{written}}}\n") == [f"3:{problem}"]


def table(entries: int, value: int = 1) -> str:
    """`{0%: 1, 0.1%: 1 ...}`, evenly over the denoising."""
    return "{" + ", ".join(f"{100 * k / entries:.9f}%: {value}" for k in range(entries)) + "}"


@pytest.mark.slow
def test_a_table_has_as_many_entries_as_there_are_timesteps(tmp_path: Path) -> None:
    made = guidance(tmp_path, "tv_scale", table(1000))
    assert len(made[0].tv_scale.steps) == 1000
    for written in (table(1001), "[" + "1 for 0.01%, " * 2000 + "1]"):
        (problem,) = complaints(tmp_path, BASE + f"guidance: {{tv_scale: {written}}}\n")
        assert problem.endswith("the denoising has 1000 timesteps, so write at most 1000")


def test_cutouts_of_long_tables_over_long_videos_are_compared_at_once(tmp_path: Path) -> None:
    text = (
        "video: {size: [64, 64], duration: 1000000}\nprompts: a\n"
        f"guidance: {{cut_overview: {table(1000, 0)}, cut_innercut: 900000 - frame}}\n"
    )
    start = perf_counter()
    (problem,) = complaints(tmp_path, text)
    assert perf_counter() - start < 15
    assert "guidance.cut_innercut" in problem
    text = text.replace("900000 - frame", "256 if frame < 900000 else 0")
    (problem,) = complaints(tmp_path, text)
    assert "are both 0 at frame 900000" in problem

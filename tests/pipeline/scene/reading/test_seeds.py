"""Seeds of a scene: one for all frames, or at times."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.reading.seeds import Seeds
from tests.pipeline.plan.planned import plan
from tests.pipeline.scene_files import complaints

VIDEO = "video: {size: [64, 64], fps: 12, duration: 6f}\nprompts: a ship\n"


def seeds_of(folder: Path, text: str) -> list[int]:
    return [spec.seed for spec in plan(folder, text)]


def test_each_holds_up_to_the_next_and_the_first_before_it() -> None:
    seeds = Seeds(((2, 7), (5, 2**63 - 1)))
    assert [seeds(frame) for frame in range(7)] == [7, 7, 7, 7, 7, 2**63 - 1, 2**63 - 1]


@pytest.mark.parametrize(
    ("written", "seeds"),
    [
        ("9", [9] * 6),
        ("{0: 7, 3: 8, 4: 7}", [7, 7, 7, 8, 7, 7]),
        ("{0.25s: 8}", [8] * 6),
        ("{start: 1, 0.25s: 9223372036854775807}", [1, 1, 1, *[2**63 - 1] * 3]),
        ("{0: 1, 2.6f: 5}", [1, 1, 1, 5, 5, 5]),
    ],
)
def test_frames_have_the_seed_of_their_time(tmp_path: Path, written: str, seeds: list[int]) -> None:
    assert seeds_of(tmp_path, f"{VIDEO}seed: {written}\n") == seeds


def test_stills_have_seeds_of_their_own(tmp_path: Path) -> None:
    stills = "video: {size: [64, 64], n_batches: 3}\nprompts: a ship\nseed: {0: 5, 1: 6, 2: 5}\n"
    assert seeds_of(tmp_path, stills) == [5, 6, 5]


def test_times_count_from_the_beginning_of_the_video_also_in_shots(tmp_path: Path) -> None:
    shots = (
        "seed: {0: 1, 4: 2}\nshots:\n"
        "- {name: sea, until: 3}\n- {name: land}\n- {name: sky, seed: 4, until: end}\n"
    ).replace("- {name: land}", "- {name: land, until: 5}")
    assert seeds_of(tmp_path, VIDEO + shots) == [1, 1, 1, 1, 2, 4]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{}", "seeds without times; write at least one, such as {0: 7, 31: 8}"),
        ("{0: 1.5}", "expected a whole number from 0 to 9223372036854775807, found 1.5"),
        ("{0: -1}", "found -1; allowed: from 0 to 9223372036854775807"),
        ("{soon: 1}", "a time is a frame number such as 96"),
        ("{0: 1, 0s: 2}", "are both frame 0; keep one of them"),
        ("{1.6f: 1, 2.4f: 2}", "2.4f is frame 2 as the time before it; keep one of them"),
        ("[1, 2]", "expected a whole number from 0 to 9223372036854775807, found a list"),
    ],
)
def test_what_is_no_seed_is_told(tmp_path: Path, written: str, message: str) -> None:
    (told,) = complaints(tmp_path, f"{VIDEO}seed: {written}\n")
    assert message in told and told.startswith("3:")

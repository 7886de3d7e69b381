"""The numbers of a plan as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyframes.prompts import Prompt
from pipeline.plan.frame_values import FIELDS, value_words
from pipeline.plan.make import make_plan
from pipeline.plan.table import Table, plan_table
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plan.planned import EARLIER, EARLIER_NAMES
from tests.pipeline.scene_files import load

SONG = """\
video: {size: [96, 64], duration: 4s, fps: 12}
music: {bpm: 120}
prompts: {0s: a castle, 2s: a ship, blend: 1s}
camera: {mode: 2d, zoom: {0s: 1, 4s: 1.48}, offset: {y: "10 * beat_pulse"}}
sampler: {steps: 10, strength: "0.4 * (fract(beat) < 0.01)"}
guidance: {cut_overview: {0%: 12, 40%: 4}}
"""


def tabled(
    folder: Path, text: str, frames: list[int], names: tuple[str, ...] | None = None
) -> Table:
    scene = load(folder, text)
    return plan_table(make_plan(scene), scene.timebase, frames, names)


def test_the_frames_and_fields_that_are_asked_for_are_resolved(tmp_path: Path) -> None:
    names = ("camera.zoom", "sampler.skip_steps", "guidance.cut_overview")
    table = tabled(tmp_path, SONG, [0, 6, 13], names)
    assert table.columns == ("frame", "time", "bar", "beat", *names)
    cuts = StepSchedule(((0.0, 12.0), (0.4, 4.0)))
    assert table.rows == (
        (0, "0:00", 1, 1.0, None, 0, cuts),
        (6, "0:00.50", 1, 2.0, pytest.approx(1.06), 6, cuts),
        (13, "0:01.08", 1, 3.0, pytest.approx(1.13), None, None),
    )


def test_without_names_it_shows_what_moves(tmp_path: Path) -> None:
    assert tabled(tmp_path, SONG, [0]).columns[4:] == (
        "camera.zoom",
        "camera.offset.y",
        "sampler.strength",
        "guidance.init_hold",
        "guidance.detail_hold",
        "prompts",
    )
    held = {"guidance.init_hold", "guidance.detail_hold", "sampler.strength", "prompts"}
    moving = set(tabled(tmp_path, EARLIER, [0]).columns) - {"frame", "time"}
    assert moving == EARLIER_NAMES | held


def test_prompts_have_their_weights(tmp_path: Path) -> None:
    table = tabled(tmp_path, SONG, [24, 30, 36], ("prompts",))
    # At 2.5 s the fade is half through; what is only moved has none.
    prompts = [row[-1] for row in table.rows]
    assert prompts[1] == (Prompt("a castle", 0.5), Prompt("a ship", 0.5))
    assert [value_words(one) for one in prompts] == [
        "a castle",
        "0.5 a castle + 0.5 a ship",
        "a ship",
    ]


def test_stills_have_no_times_and_shots_have_names(tmp_path: Path) -> None:
    stills = "video: {size: [64, 64], n_batches: 3}\nprompts: a castle\nseed: 5\n"
    assert tabled(tmp_path, stills, [2], ("seed",)) == Table(("frame", "seed"), ((2, 5),))
    shots = "shots: [{name: a, until: 2s}, {name: b, enter: {fade: 5}, seed: 3}]\n"
    table = tabled(
        tmp_path,
        SONG.replace("music: {bpm: 120}\n", "")
        .replace(', offset: {y: "10 * beat_pulse"}', "")
        .replace('"0.4 * (fract(beat) < 0.01)"', "0.5")
        + shots,
        [23, 24],
        ("seed",),
    )
    assert table.columns == ("frame", "time", "shot", "seed")
    assert table.rows == ((23, "0:01.92", "a", 0), (24, "0:02", "b", 3))


def test_a_frame_is_painted_or_lies_between_painted_ones(tmp_path: Path) -> None:
    rarely = (
        "video: {size: [64, 64], duration: 8}\nprompts: a castle\nsampler: {every: 3}\n"
        "shots: [{name: a, until: 4}, {name: b, sampler: {inbetween: warp}}]\n"
    )
    names = ("sampler.every", "sampler.inbetween")
    assert [row[-2:] for row in tabled(tmp_path, rarely, [0, 1, 3, 5, 7], names).rows] == [
        ("painted", None),
        ("between 0 and 3", "blend"),
        ("painted", None),
        ("between 4 and 7", "warp"),
        ("painted", None),
    ]
    still = rarely.replace("every: 3", "strength: {first: 1, then: 0}")
    assert tabled(tmp_path, still, [6], names).rows[0][-2:] == ("moved since 4", None)


def test_every_setting_has_a_value_on_every_frame(tmp_path: Path) -> None:
    table = tabled(tmp_path, SONG, list(range(48)), tuple(FIELDS))
    assert len(table.rows) == 48 and {len(row) for row in table.rows} == {4 + len(FIELDS)}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "-"),
        (True, "true"),
        (0.1 + 0.2, "0.3"),
        (3.67394e-17, "0"),
        (-1e-9, "-1e-09"),
        (StepSchedule.constant(5000), "5000"),
        (StepSchedule(((0.0, 12.0), (0.4, 4.0))), "{0%: 12, 40%: 4}"),
        ((Prompt("like.png", 1.0, image=True),), "picture like.png"),
        ("a\nb", "a\nb"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert value_words(value) == words  # type: ignore[arg-type]

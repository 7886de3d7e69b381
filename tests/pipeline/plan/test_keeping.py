"""What frames keep of their shot, as a scene says it."""

from __future__ import annotations

from math import exp, prod
from pathlib import Path

import pytest

from pipeline.spec.keeping import KEEPS_NOTHING, ColourSpec, KeepSpec
from tests.pipeline.plan.planned import BASE, VIDEO, plan
from tests.pipeline.scene_files import write_picture

HOLD = "init_hold: {then: 0.8, fade: 0}"


def kept(folder: Path, guidance: str, scene: str = BASE) -> list[KeepSpec]:
    if "keep_sharpness" not in guidance:
        guidance += ", keep_sharpness: 0"
    made = plan(folder, f"{scene}guidance: {{{guidance}}}\n")
    return [spec.painting.keep for spec in made]


@pytest.mark.parametrize("guidance", [HOLD, "keep_colour: none"])
def test_what_a_scene_switches_off_is_not_kept(tmp_path: Path, guidance: str) -> None:
    assert set(kept(tmp_path, f"{guidance}, hold_memory: 0")) == {KEEPS_NOTHING}


@pytest.mark.parametrize(
    ("frames", "follow"),
    [
        ("forever", 0.0),
        (48, 1 - exp(-1 / 48)),
        ("4s", 1 - exp(-1 / 48)),
        ("2s + 24 frames", 1 - exp(-1 / 48)),
        (0.5, 1 - exp(-2)),
    ],
)
def test_a_form_is_remembered_by_every_frame_that_grows(
    tmp_path: Path, frames: object, follow: float
) -> None:
    first, *others = kept(tmp_path, f"{HOLD}, hold_memory: {frames}")
    assert first == KEEPS_NOTHING
    assert set(others) == {KeepSpec(follow=others[0].follow, afresh=1.0)}
    assert others[0].follow == pytest.approx(follow)


def test_where_nothing_is_held_no_form_is_kept(tmp_path: Path) -> None:
    assert set(kept(tmp_path, "init_hold: 0, hold_memory: forever")) == {KEEPS_NOTHING}


def test_a_hold_that_rests_for_a_while_does_not_forget(tmp_path: Path) -> None:
    _, *others = kept(tmp_path, "init_hold: {0: 0.8, 10: 0, 20: 0.8}, hold_memory: forever")
    assert set(others) == {KeepSpec(follow=0.0, afresh=1.0)}


def test_while_prompts_turn_it_lets_go_up_to_the_first_frame_of_the_new_set(tmp_path: Path) -> None:
    scene = VIDEO + "prompts: {0: a tree, 8: a castle, blend: 8}\nsampler: {cross_fade: open}\n"
    made = kept(tmp_path, f"{HOLD}, hold_memory: forever", scene)
    assert [one.let_go for one in made[7:19]] == pytest.approx(
        [0, 0, 0.25, 0.5, 0.75, 0, 0, 0, 0, 0, 0, 0]
    )
    # From the middle of the fade to its end frames start from noise alone, and keep nothing.
    assert [one == KEEPS_NOTHING for one in made[11:18]] == [False, *[True] * 5, False]


def test_the_last_frames_are_a_share_of_each(tmp_path: Path) -> None:
    made = kept(tmp_path, "hold_memory: 0, keep_colour: 12")
    assert made[5] == KeepSpec(colour=ColourSpec(1.0, follow=1 / 12), afresh=1.0)
    assert (
        kept(tmp_path, "hold_memory: 0, keep_colour: 2 beats", "music: {bpm: 120}\n" + BASE) == made
    )


def test_colours_of_the_first_frame_by_a_share_that_moves(tmp_path: Path) -> None:
    made = kept(
        tmp_path, "hold_memory: 0, keep_colour: {of: first, share: {0: 0, 10f: 1}, by: histogram}"
    )
    assert made[0] == KEEPS_NOTHING
    assert made[5] == KeepSpec(colour=ColourSpec(0.5, "histogram"), afresh=1.0)


def test_colours_of_a_picture(tmp_path: Path) -> None:
    file = write_picture(tmp_path / "sunset.png")
    for written in ("sunset.png", "{of: sunset.png}"):
        made = kept(tmp_path, f"hold_memory: 0, keep_colour: {written}")
        assert made[5] == KeepSpec(colour=ColourSpec(1.0, file=str(file)))


def test_sharpness_that_rests_for_a_while_is_kept_in_mind(tmp_path: Path) -> None:
    made = kept(tmp_path, "keep_sharpness: {0: 0, 10f: 0, 20f: 1}")
    assert [made[frame].sharpness for frame in (0, 5, 15, 20)] == [None, 0, 0.5, 1]


def test_half_of_the_sharpness_is_the_presets_own(tmp_path: Path) -> None:
    first, *others = (spec.painting.keep for spec in plan(tmp_path, BASE))
    assert first.sharpness is None
    assert {one.sharpness for one in others} == {0.5}


def test_stills_keep_nothing(tmp_path: Path) -> None:
    stills = "video: {size: [64, 64], n_batches: 3}\nprompts: a castle\n"
    everything = f"{HOLD}, hold_memory: forever, keep_colour: first, keep_sharpness: 1"
    assert set(kept(tmp_path, everything, stills)) == {KEEPS_NOTHING}


def test_what_follows_does_so_with_each_frame_of_the_video(tmp_path: Path) -> None:
    """Also with those that are not painted: of 63% in a second nothing changes by `every`."""
    scene = (
        "video: {size: [96, 64], duration: 25, fps: 12}\nprompts: a castle\n"
        "sampler: {every: EVERY}\nguidance: {init_hold: 0.8, hold_memory: 1s, keep_colour: 1s}\n"
    )
    for every in (1, 3, 4):
        made = plan(tmp_path, scene.replace("EVERY", str(every)))
        keeps = [spec.denoise.keep for spec in made if spec.denoise is not None and spec.inputs]
        assert {keep.frames for keep in keeps} == {every}
        left = prod(1 - keep.followed(keep.follow) for keep in keeps)
        assert left == pytest.approx(exp(-2))
        colours = [keep.colour for keep in keeps if keep.colour is not None]
        assert prod((1 - one.follow) ** every for one in colours) == pytest.approx((11 / 12) ** 24)

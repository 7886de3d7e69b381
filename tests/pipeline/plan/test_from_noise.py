"""Frames that skip no step start from noise alone, and depend on nothing that they do not need."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.plan.from_noise import cut_loose
from pipeline.run.digest import chain, frame_fingerprints
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameId, PictureFile, SavedFrame
from pipeline.spec.plan import Plan
from tests.pipeline.plan.planned import BASE, VIDEO, plan
from tests.pipeline.plans import NETWORKS, frame_spec
from tests.pipeline.scene_files import write_picture

CUT = VIDEO + "prompts: {0: a ship at dawn, 8: a ship at night}\ncamera: {mode: 2d, zoom: 1.01}\n"
FADE = CUT.replace("night}", "night, blend: 8}")
OPEN = "sampler: {cross_fade: open}\n"


def digests(made: Plan) -> dict[FrameId, str]:
    return chain(made, frame_fingerprints(made, NETWORKS))


def changed(folder: Path, text: str, old: str, new: str) -> list[int]:
    before, after = (digests(plan(folder, one)) for one in (text, text.replace(old, new)))
    return [frame.frame for frame in before if before[frame] != after[frame]]


def test_a_cut_depends_on_no_frame_before_it(tmp_path: Path) -> None:
    made = plan(tmp_path, CUT)
    cut = made[8]
    assert (cut.inputs, cut.motions, cut.camera) == ((), (), CameraSpec())
    assert [spec.frame for spec in made if not spec.grows] == [0, 8]
    assert made[9].inputs == (SavedFrame(8),) and made[9].motions
    assert changed(tmp_path, CUT, "dawn", "noon") == list(range(8))


def test_of_a_fade_the_old_frames_end_with_its_first_half(tmp_path: Path) -> None:
    """From the middle on each frame is painted whole, the first one of the new prompt too."""
    made = plan(tmp_path, FADE + OPEN)
    assert [spec.frame for spec in made if not spec.grows] == [0, 12, 13, 14, 15, 16]
    assert [one.text for one in made[16].painting.prompts] == ["a ship at night"]
    # The mixtures know the old prompt, which frames from the end of the fade on do not.
    assert changed(tmp_path, FADE + OPEN, "dawn", "noon") == list(range(16))


def test_a_cut_is_the_still_of_its_noise(tmp_path: Path) -> None:
    own_noise = "sampler: {noise_period: 1}\n"
    video = plan(tmp_path, CUT + own_noise)
    still = "video: {size: [96, 64], n_batches: 9}\nprompts: a ship at night\n" + own_noise
    assert digests(video)[FrameId(8)] == digests(plan(tmp_path, still))[FrameId(8)]


@pytest.mark.parametrize("kept", ["init_hold: {then: 0.8, fade: 0.3}", "init_scale: 40"])
def test_what_a_frame_keeps_to_stays_with_it_for_that_alone(tmp_path: Path, kept: str) -> None:
    made = plan(tmp_path, CUT + f"guidance: {{{kept}}}\n")
    assert made[8].inputs == (SavedFrame(7),) and made[8].motions
    assert [spec.frame for spec in made if spec.painting.sampler.from_noise] == [8]
    assert not made[0].painting.sampler.from_noise


def test_a_strength_of_1_grows_from_nothing(tmp_path: Path) -> None:
    free = "guidance: {init_hold: 0}\n"
    made = plan(tmp_path, BASE + "sampler: {strength: {then: {0: 0.5, 4: {value: 1}}}}\n" + free)
    assert [bool(spec.inputs) for spec in made][:6] == [False, True, True, True, False, False]


def test_an_init_image_or_clouds_of_which_nothing_is_kept_are_left_out(tmp_path: Path) -> None:
    write_picture(tmp_path / "start.png")
    image, clouds = "init_image: start.png", "perlin_init: mixed"
    plain = plan(tmp_path, BASE)[0]
    for start in (image, clouds):
        assert plan(tmp_path, BASE + f"sampler: {{{start}}}\n")[0] == plain
    hold = "guidance: {init_hold: {first: 0.5}}\n"
    held = plan(tmp_path, BASE + f"sampler: {{{image}}}\n" + hold)[0]
    assert isinstance(held.inputs[0], PictureFile) and held.painting.sampler.from_noise
    cloudy = plan(tmp_path, BASE + f"sampler: {{{clouds}}}\n" + hold)[0].painting.sampler
    assert cloudy.from_noise and cloudy.perlin_init == "mixed"


def test_other_frames_are_as_they_are() -> None:
    for spec in (frame_spec(0), frame_spec(1), replace(frame_spec(1), denoise=None)):
        assert cut_loose(spec) is spec


def test_frames_of_a_fade_that_start_from_noise_begin_it_together(tmp_path: Path) -> None:
    """Else each of them would be another picture: noise that moves with one is new without any."""
    made = plan(tmp_path, FADE + "sampler: {cross_fade: open, noise: warped}\n")
    loose = [spec.frame for spec in made if not spec.inputs]
    assert loose[0] == 0 and len(loose) > 3
    first = loose[1]
    since = {spec.frame: spec.painting.sampler.noise_since for spec in made}
    assert [since[frame] for frame in loose] == [None, None, *[first] * (len(loose) - 2)]
    assert {since[spec.frame] for spec in made if spec.inputs} == {None}


def test_noise_that_does_not_move_needs_no_beginning(tmp_path: Path) -> None:
    made = plan(tmp_path, FADE + "sampler: {cross_fade: open, noise: slow}\n")
    assert {spec.painting.sampler.noise_since for spec in made} == {None}

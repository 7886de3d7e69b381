"""What frames between two painted ones are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.spec.between import Between
from pipeline.spec.camera import CameraMotion
from pipeline.spec.frame import FrameSpec, PictureFile, SavedFrame
from tests.pipeline.plan.planned import plan
from tests.pipeline.scene_files import write_picture

VIDEO = "video: {size: [96, 64], fps: 12, duration: 8}\n"
FLIGHT = "camera: {mode: 2d, memory: frame, translate_x: frame}\n"


def frames(folder: Path, sampler: str, more: str = "", prompts: str = "a ship") -> list[FrameSpec]:
    text = f"{VIDEO}prompts: {prompts}\nsampler: {sampler}\n{more or FLIGHT}"
    return list(plan(folder, text))


def moved(*by: float) -> tuple[CameraMotion, ...]:
    return tuple(CameraMotion(translate_x=one) for one in by)


def test_one_shows_the_last_painted_frame_and_the_next_one_by_their_nearness(
    tmp_path: Path,
) -> None:
    _, one, two, three, *_ = frames(tmp_path, "{every: 3}")
    assert one.inputs == two.inputs == (SavedFrame(0), SavedFrame(3))
    assert (one.motions, two.motions) == (moved(1), moved(1, 2))
    assert one.between == Between(1 / 3, moved(2, 3), one.camera)
    assert two.between == Between(2 / 3, moved(3), two.camera)
    assert (one.denoise, one.shares) == (None, ())
    assert (three.inputs, three.motions, three.between) == ((SavedFrame(0),), moved(1, 2, 3), None)


def test_a_warp_is_of_the_last_painted_frame_alone(tmp_path: Path) -> None:
    _, one, two, *_ = frames(tmp_path, "{every: 3, inbetween: warp}")
    assert one.inputs == two.inputs == (SavedFrame(0),)
    assert (two.motions, two.between) == (moved(1, 2), Between())


def test_flow_is_asked_for_by_its_name(tmp_path: Path) -> None:
    between = frames(tmp_path, "{every: 3, inbetween: flow}")[1].between
    assert between is not None and between.flow


def test_painted_frames_are_as_they_are_without_others_between(tmp_path: Path) -> None:
    """Nobody who paints every frame loses one to this."""
    assert frames(tmp_path, "{every: 1, inbetween: flow}") == frames(tmp_path, "{}")


def test_a_cut_is_not_seen_before_its_frame(tmp_path: Path) -> None:
    specs = frames(tmp_path, "{every: 4}", prompts="{0: a ship, 6: a castle}")
    assert [spec.frame for spec in specs if spec.denoise] == [0, 4, 6, 7]
    assert specs[5].inputs == (SavedFrame(4),)
    assert len(specs[3].inputs) == 2


def test_nor_is_a_frame_that_starts_from_noise(tmp_path: Path) -> None:
    sampler = '{every: 4, strength: {first: 1, then: "0.5 + 0.5 * (frame == 4)"}}'
    specs = frames(tmp_path, sampler, f"{FLIGHT}guidance: {{init_hold: 0, init_scale: 0}}\n")
    assert specs[4].inputs == ()
    assert [len(spec.inputs) for spec in specs[:4]] == [0, 1, 1, 1]


def test_one_that_is_only_moved_anyway_is_not_blended_with_itself(tmp_path: Path) -> None:
    specs = frames(tmp_path, '{every: 4, strength: {first: 1, then: "0.5 * (frame != 4)"}}')
    assert specs[4].denoise is None and specs[4].between is None
    assert [len(spec.inputs) for spec in specs[1:4]] == [1, 1, 1]
    assert specs[7].inputs == (SavedFrame(0),)


def test_frames_after_a_long_hold_grow_from_none_between_two_others(tmp_path: Path) -> None:
    sampler = '{every: 10, strength: {first: 1, then: "0.5 * (frame > 28)"}}'
    text = VIDEO.replace("duration: 8", "duration: 40") + f"prompts: a ship\nsampler: {sampler}\n"
    made = plan(tmp_path, text + FLIGHT)
    specs = made.frames
    assert [one.frame for one in made.as_they_grow][20:31] == [20, 30, *range(21, 30)]
    between = {spec.frame for spec in specs if spec.between}
    assert not any(one.frame in between for spec in specs for one in spec.inputs)
    assert specs[25].inputs == (SavedFrame(20), SavedFrame(30))
    assert specs[25].between is not None and specs[25].between.share == 0.5


@pytest.mark.parametrize("over", [4, 8])
def test_a_picture_at_the_end_comes_as_steadily_as_without_others_between(
    tmp_path: Path, over: int
) -> None:
    """What is left of what was there goes down by the frame, however many are painted."""
    picture = write_picture(tmp_path / "end.png")
    end = f"shots: [{{name: a, end: {{picture: {picture.name}, over: {over}}}}}]\n"
    specs = frames(tmp_path, "{every: 3}", FLIGHT + end)
    left, rest = {0: 1.0}, {}
    for spec in specs[1:]:
        if spec.between is None and spec.shares:
            left[spec.frame] = left.get(spec.inputs[0].frame, 1.0) * spec.shares[0]
            rest[spec.frame] = (7 - spec.frame) / min(7, over)
    assert left == pytest.approx({0: 1.0, **rest})
    assert specs[7].inputs == (PictureFile(str(picture)),)


def test_a_picture_at_the_end_does_not_move_as_it_comes(tmp_path: Path) -> None:
    picture = write_picture(tmp_path / "end.png")
    end = f"shots: [{{name: a, end: {{picture: {picture.name}, over: 4}}}}]\n"
    specs = frames(tmp_path, "{every: 4}", FLIGHT + end)
    assert specs[6].inputs == (SavedFrame(4), SavedFrame(7))
    assert specs[6].between == Between(share=2 / 3)


def test_the_next_painted_frame_has_its_own_depth(tmp_path: Path) -> None:
    folder = tmp_path / "depth"
    folder.mkdir()
    for number in range(8):
        write_picture(folder / f"{number}.png")
    camera = "camera: {depth: depth, memory: frame, translate_z: 2}\n"
    specs = frames(tmp_path, "{every: 3}", camera)
    assert specs[1].camera.depth is not None and specs[1].between is not None
    assert specs[1].between.camera.depth is not None
    assert Path(specs[1].camera.depth.file).name == "0.png"
    assert Path(specs[1].between.camera.depth.file).name == "3.png"


def test_a_lens_that_opens_is_as_wide_as_it_is_on_each_frame(tmp_path: Path) -> None:
    camera = "camera: {memory: frame, dolly_zoom: {subject: 1.5, fov: {0: 40, 6: 52}}}\n"
    specs = frames(tmp_path, "{every: 3}", camera)
    one = specs[1]
    assert one.between is not None
    assert (one.camera.taken, one.camera.fov) == pytest.approx((40, 42))
    assert (one.between.camera.taken, one.between.camera.fov) == pytest.approx((42, 46))
    assert (specs[3].camera.taken, specs[3].camera.fov) == pytest.approx((40, 46))


def test_noise_of_a_fade_goes_on_over_those_between(tmp_path: Path) -> None:
    sampler = "{every: 2, noise: warped, skip_steps: {first: 0, then: 50%, fade: 0}}"
    specs = frames(
        tmp_path,
        sampler.replace("}}", "}, cross_fade: open}"),
        prompts=("{0: a ship, 1: a castle, blend: 6}"),
    )
    since = [spec.denoise.sampler.noise_since for spec in specs if spec.denoise and spec.frame > 1]
    assert len({one for one in since if one is not None}) <= 1

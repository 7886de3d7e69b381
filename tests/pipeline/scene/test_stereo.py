"""A video for two eyes in a scene: what may be written, and what the plan makes of it."""

from __future__ import annotations

from math import inf
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.plan.describe import describe
from pipeline.plan.make import make_plan
from pipeline.spec.camera import CameraSpec, DepthPictureSpec
from pipeline.spec.plan import Plan
from pipeline.spec.relief import Relief
from pipeline.spec.sources import DepthSource, NamedSource
from pipeline.spec.stereo import StereoSpec
from tests.pipeline.scene_files import BASE, complaints, load


def plan(folder: Path, text: str) -> Plan:
    return make_plan(load(folder, BASE + text))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{}", StereoSpec(5.0, 0.5, "side_by_side")),
        ("{ipd: 6, layout: anaglyph}", StereoSpec(6.0, 0.5, "anaglyph")),
        ("{eye_angle: 0, layout: top_bottom}", StereoSpec(5.0, 0.0, "top_bottom")),
        ("none", None),
    ],
)
def test_what_is_not_written_is_as_usual(
    tmp_path: Path, written: str, expected: StereoSpec | None
) -> None:
    assert plan(tmp_path, f"output: {{stereo: {written}}}\n").output.stereo == expected


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "true",
            "output.stereo: expected a mapping such as {ipd: 5, layout: side_by_side}, found true",
        ),
        ("{ipd: -5}", "output.stereo.ipd: found -5; allowed: above 0 and up to 50"),
        ("{ipd: 0}", "output.stereo.ipd: found 0; allowed: above 0 and up to 50"),
        ("{eye_angle: 11}", "output.stereo.eye_angle: found 11; allowed: from 0 to 10"),
        ("{ipd: wide}", "output.stereo.ipd: expected a number, above 0 and up to 50; found "),
        (
            "{layout: anaglif}",
            "output.stereo.layout: expected side_by_side, top_bottom or anaglyph, found "
            '"anaglif" (did you mean "anaglyph"?)',
        ),
        ("{ipda: 3}", "output.stereo.ipda: unknown key"),
    ],
)
def test_mistakes_are_told_where_they_are(tmp_path: Path, written: str, told: str) -> None:
    (found,) = complaints(tmp_path, f"{BASE}output: {{stereo: {written}}}\n")
    assert told in found


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = BASE + "output: {stereo: {ipd: 0, layout: flat, eye_angle: x}}\n"
    assert len(complaints(tmp_path, text)) == 3


def test_outputs_take_it_over_and_may_do_without(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        "output: {stereo: {ipd: 3}}\n"
        "outputs: [{file: a.mp4}, {file: b.mp4, stereo: none}, {file: c.mp4, stereo: {}}]\n",
    )
    found = [one.stereo for one in (made.output, *made.outputs)]
    assert found == [StereoSpec(ipd=3.0), None, StereoSpec()]
    assert [one.file for one in describe(made).for_two_eyes] == ["a.mp4", "c.mp4"]


def test_stills_have_none(tmp_path: Path) -> None:
    text = "video: {size: [64, 64], n_batches: 2}\nprompts: red\noutput: {stereo: {}}\n"
    (found,) = complaints(tmp_path, text)
    assert "n_batches makes stills: remove stereo, or write duration for a video of it" in found


def test_the_screen_of_parallel_eyes_is_infinitely_far() -> None:
    assert StereoSpec(eye_angle=0.0).screen == inf
    assert StereoSpec(ipd=5.0, eye_angle=0.5).screen == pytest.approx(1.4324, abs=1e-4)
    assert StereoSpec(ipd=10.0, eye_angle=0.5).screen == pytest.approx(2.8648, abs=1e-4)


def test_every_scene_puts_down_how_its_frames_are_seen(tmp_path: Path) -> None:
    straight = CameraSpec(mode="3d", fov=40.0, projection="pinhole")
    for mode in ("2d", "3d"):
        (relief,) = plan(tmp_path, f"camera: {{mode: {mode}}}\n").reliefs
        assert relief == Relief()
        assert relief.lens(7) == straight
        assert relief.estimates


def test_a_lens_that_moves_is_that_of_each_frame(tmp_path: Path) -> None:
    (relief,) = plan(tmp_path, 'camera: {mode: 3d, fov: "40 + 2 * frame"}\n').reliefs
    assert [relief.lens(frame).fov for frame in range(3)] == [40, 42, 44]


def test_each_shot_has_its_own(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        "camera: {mode: 3d}\nmodels: {depth: starter}\n"
        "shots:\n"
        "  - {name: one, until: 2, camera: {fov: 60}}\n"
        "  - {name: two, camera: {projection: disco}, models: {depth: dpt_large}}\n",
    )
    one, two = made.reliefs
    assert (one.shot, one.lens(0).fov, one.lens(0).projection) == ("one", 60, "pinhole")
    assert (two.shot, two.lens(1).projection) == ("two", "disco")
    assert two.depth == (DepthSource("dpt_large", NamedSource("dpt_large")),)


def test_the_authors_depth_is_that_of_the_frame_itself(tmp_path: Path) -> None:
    """Where a frame's spec has the picture of the one before it, by which that one moves."""
    folder = tmp_path / "deep"
    folder.mkdir()
    made = load(tmp_path, BASE)
    for frame in range(made.frame_count):
        cv2.imwrite(str(folder / f"{frame:03d}.png"), np.full((4, 4), frame, np.uint8))
    (relief,) = plan(tmp_path, "camera: {mode: 3d, depth: deep}\n").reliefs
    files = [lens.depth for lens in relief.lenses]
    last = made.frame_count - 1
    assert files[:2] == [DepthPictureSpec(str(folder / f"{frame:03d}.png")) for frame in (0, 1)]
    assert files[-1] == files[-2] == DepthPictureSpec(str(folder / f"{last - 1:03d}.png"))
    assert not relief.estimates

"""Videos for two eyes that see things too far apart are told, with numbers that are fine."""

from __future__ import annotations

import re
from math import radians, tan
from pathlib import Path

import pytest

from pipeline.camera.eyes import eyes, focal_length
from pipeline.scene.eyes_apart import Parting, parting
from pipeline.spec.stereo import StereoSpec
from tests.pipeline.scene_files import BASE, warnings


def told(folder: Path, text: str) -> list[str]:
    """What is said of two eyes."""
    return [one for one in warnings(folder, BASE + text) if "two eyes" in one]


def test_eyes_far_apart(tmp_path: Path) -> None:
    """Half of the height over tan(20 degrees), times what 20/200 at 0.8 is beyond the screen."""
    (found,) = told(tmp_path, "output: {stereo: {ipd: 20}}\n")
    near = (0.1 / 0.8 - 2 * tan(radians(0.5))) / 2 / tan(radians(20))
    assert f"{near:.1%}" == "14.8%"
    assert found == (
        "3:18: output.stereo: the two eyes see the nearest things, 0.8 units away, 14.8% of the "
        "picture's width apart, and the farthest, 2.6 away, 2.9%, by the lens of frame 0 (0:00; "
        "fov 40); about 5% is what eyes bring together in comfort; write ipd: 6.49 and eye_angle: "
        "0.162, which keep the screen's place"
    )


def test_a_screen_that_is_too_near(tmp_path: Path) -> None:
    (found,) = told(tmp_path, "output: {stereo: {eye_angle: 3}}\n")
    assert "10.1% of the picture's width apart, and the farthest, 2.6 away, 13.1%" in found
    assert found.endswith("; write eye_angle: 1.31")


def test_the_narrowest_lens_counts(tmp_path: Path) -> None:
    (found,) = told(tmp_path, "camera: {fov: {0: 40, 47: 5}}\noutput: {stereo: {}}\n")
    assert "15.8% of the picture's width apart" in found
    assert "by the lens of frame 47 (0:01.96; fov 5)" in found


def test_each_output_is_told_by_its_own_size(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        "output: {stereo: {ipd: 8}, size: [512, 1024]}\n"
        "outputs:\n"
        "- {file: a.mp4}\n"
        "- {file: b.mp4, stereo: none}\n"
        "- {file: c.mp4, fit: stretch}\n"
        "- {file: d.mp4, fit: contain, stereo: {ipd: 12}}\n",
    )
    assert [re.findall(r"outputs\.\d|[\d.]+%", one)[:2] for one in found] == [
        ["outputs.0", "8.9%"],
        ["outputs.3", "7.9%"],
    ]


@pytest.mark.parametrize("mode", ["2d", "3d"])
@pytest.mark.parametrize("size", ["[64, 64]", "[128, 64]", "[96, 64]", "[64, 96]", "[48, 96]"])
def test_what_is_usual_is_fine(tmp_path: Path, mode: str, size: str) -> None:
    text = f"prompts: a castle\nvideo: {{size: {size}, duration: 48}}\ncamera: {{mode: {mode}}}\n"
    found = warnings(tmp_path, text + "output: {stereo: {}}\n")
    assert not [one for one in found if "two eyes" in one]


@pytest.mark.parametrize("ipd", [0.5, 5, 12, 50])
@pytest.mark.parametrize("angle", [0, 0.5, 2, 10])
@pytest.mark.parametrize("fov", [5, 40, 100])
def test_the_remedy_is_fine(tmp_path: Path, ipd: float, angle: float, fov: float) -> None:
    def about(ipd: float | str, angle: float | str) -> list[str]:
        eyes = f"output: {{stereo: {{ipd: {ipd}, eye_angle: {angle}}}}}\n"
        return told(tmp_path, f"camera: {{fov: {fov}}}\n{eyes}")

    lens = 0.5 / tan(radians(fov) / 2)
    found = about(ipd, angle)
    assert bool(found) != parting(StereoSpec(ipd, angle), lens).is_fine
    for one in found:
        written = dict(re.findall(r"(ipd|eye_angle): ([\d.]+\d)", one))
        assert about(written.get("ipd", ipd), written.get("eye_angle", angle)) == []


def test_the_numbers_are_those_of_the_pictures() -> None:
    import numpy as np

    left, right = eyes(8.0, 0.7, focal_length(50.0, "pinhole", 96, 64))
    inverse = np.array([1 / 0.8, 1 / 2.6], np.float32)
    lens = 64 / 96 / 2 / tan(radians(25))
    seen: Parting = parting(StereoSpec(8.0, 0.7), lens)
    shares = (left.shift(inverse) - right.shift(inverse)) / 96
    assert shares == pytest.approx([seen.at(0.8), seen.at(2.6)], abs=1e-6)

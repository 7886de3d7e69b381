"""What stays in takes of the starter, at its own settings: colours, forms, sharpness, strokes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.files.pictures import read_picture
from tools.judge.rendering import render_scene, starter
from tools.stays.looks import channels, coarse, distance, saturation, sharpness
from tools.stays.moving import carried_details, flicker
from tools.stays.take import Take

COUNT = 8


def take(folder: Path, prompts: object, camera: dict[str, object]) -> Take:
    scene = {
        "video": {"size": [96, 64], "fps": 12, "duration": COUNT},
        "seed": 15,
        "prompts": prompts,
        "camera": camera,
    }
    plan, files = render_scene(scene, folder)
    return Take([read_picture(file) for file in files], plan.frames, starter().depth)


@pytest.mark.slow
def test_a_camera_at_rest_keeps_what_it_shows_and_strokes_live(tmp_path: Path) -> None:
    frames = take(tmp_path, "a ship with an orange sail on the sea, day", {"mode": "2d"}).frames
    first, last = frames[0], frames[-1]
    assert np.abs(channels(last) - channels(first)).max() < 4
    assert abs(saturation(last) - saturation(first)) < 6
    assert distance(coarse(last), coarse(first)) < 4
    assert 0.7 < sharpness(last) / sharpness(first) < 1.5
    assert not np.array_equal(frames[-2], last)


@pytest.mark.slow
def test_what_the_camera_turns_goes_with_it_down_to_the_strokes(tmp_path: Path) -> None:
    turned = take(tmp_path, "a house in the forest, day", {"mode": "2d", "roll": 3})
    pairs = list(turned.pairs())
    assert len(pairs) == COUNT - 1
    assert flicker(pairs).beyond < 1
    fine = carried_details(pairs)
    assert fine is not None and fine[0] > 0.6 and fine[1] < 0.2

"""The room that a render takes, against what renders took."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.room import ENLARGED, FRAME, REMEMBERED, WARPED, room
from tests.pipeline.scene_files import load

PIXELS = 96 * 64
PLAIN = (
    "video: {size: [96, 64], duration: 50}\nprompts: a castle\noutput: {upscale: none}\n"
    "sampler: {noise: fresh}\ncamera: {memory: frame}\n"
)
VIDEO = 0.05


def a_pixel(folder: Path, text: str) -> float:
    """Bytes that a pixel of a frame takes."""
    return room(load(folder, text)) / 50 / PIXELS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN, FRAME + VIDEO),
        (PLAIN.replace("fresh", "warped"), FRAME + WARPED + VIDEO),
        (PLAIN.replace("memory: frame", "memory: shot"), FRAME + REMEMBERED + VIDEO),
        (PLAIN.replace("upscale: none", "scale: 2"), FRAME + 4 * (ENLARGED + VIDEO)),
        (PLAIN.replace("upscale", "intermediate_saves: 3, upscale"), 4 * FRAME + VIDEO),
        (PLAIN.replace("upscale", "file: a.mov, upscale"), FRAME + 0.45),
        (
            PLAIN + "outputs: [{file: a.mp4}, {file: b.mp4}]\n",
            FRAME + 2 * VIDEO,
        ),
    ],
)
def test_what_takes_room(tmp_path: Path, text: str, expected: float) -> None:
    assert a_pixel(tmp_path, text) == pytest.approx(expected, rel=1e-3)


def test_stills_remember_nothing(tmp_path: Path) -> None:
    text = "video: {size: [96, 64], n_batches: 50}\nprompts: a castle\noutput: {upscale: none}\n"
    assert a_pixel(tmp_path, text) == pytest.approx(FRAME + VIDEO, rel=1e-3)


def test_frames_under_a_fade_count(tmp_path: Path) -> None:
    shots = "shots: [{name: a, until: 25}, {name: b, enter: {fade: 10}}]\n"
    more = a_pixel(tmp_path, PLAIN + shots) - a_pixel(tmp_path, PLAIN)
    assert more == pytest.approx(10 / 50 * FRAME, rel=1e-3)

"""The settings of `video`: what each of them refuses, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import complaints

VIDEOS = {
    "size not positive": (
        "{size: [0, 64], duration: 1s}",
        "1:16: video.size.0: found 0; a side is from 1 to 4096 pixels",
    ),
    "size as text": (
        "{size: 64x64, duration: 1s}",
        '1:15: video.size: expected [width, height] in whole pixels, found "64x64"; write [64, 64]',
    ),
    "size in decimals": (
        "{size: [64.5, 64], duration: 1s}",
        "1:15: video.size: expected [width, height] in whole pixels, found [64.5, 64]",
    ),
    "size between multiples": (
        "{size: [769, 448], duration: 1s}",
        "1:15: video.size: found [769, 448]; the models ask for multiples of 2, and [768, 448] and"
        " [770, 448] fit",
    ),
    "size below a multiple": (
        "{size: [1, 40], duration: 1s}",
        "1:15: video.size: found [1, 40]; the models ask for multiples of 2, and [2, 40] fits",
    ),
    "no size": ("{duration: 1s}", "1:1: video.size: this is missing, and a scene needs it"),
    "no length": (
        "{size: [64, 64]}",
        "1:1: video.duration: write duration (a video, such as 16 bars) or n_batches (stills)",
    ),
    "two lengths": (
        "{size: [64, 64], n_batches: 3, duration: 1s}",
        "1:49: video.duration: write duration (a video) or n_batches (stills), not both",
    ),
    "a time for a length": (
        "{size: [64, 64], duration: bar 9}",
        '1:35: video.duration: a duration is a number of frames such as 96, or "16 bars",'
        ' "2 beats", "4s", "250ms" or "1:30"; found "bar 9", which is a time',
    ),
    "bars without a tempo": (
        "{size: [64, 64], duration: 2 bars}",
        '1:35: video.duration: "2 bars" needs a tempo; set `music.bpm`',
    ),
    "no frames": (
        "{size: [64, 64], duration: 10ms}",
        '1:35: video.duration: "10ms" is 0.24 frames; a video has from 1 to 1000000 frames',
    ),
    "frame rate": (
        "{size: [64, 64], duration: 1s, fps: fast}",
        "1:44: video.fps: a frame rate is a number above 0 such as 24 or 29.97, or a ratio such as"
        ' "30000/1001"; found "fast"',
    ),
    "frame rate too high": (
        "{size: [64, 64], duration: 1s, fps: 1000}",
        "1:44: video.fps: found 1000; allowed: from 0.125 to 240 frames a second",
    ),
    "frame rate too low": (
        "{size: [64, 64], duration: 1s, fps: 1/999999999}",
        '1:44: video.fps: found "1/999999999"; allowed: from 0.125 to 240 frames a second',
    ),
    "title": (
        '{size: [64, 64], duration: 1s, title: ""}',
        '1:46: video.title: expected a text in one line, found ""',
    ),
}


@pytest.mark.parametrize(("video", "problem"), VIDEOS.values(), ids=VIDEOS.keys())
def test_a_mistaken_video(tmp_path: Path, video: str, problem: str) -> None:
    assert complaints(tmp_path, f"video: {video}\nprompts: a castle\n") == [problem]

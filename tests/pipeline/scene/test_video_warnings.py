"""Lengths and rates that are rarely meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import warnings

PROMPTS = "prompts: a castle\n"


def video(duration: str, fps: int = 24) -> str:
    return f"video: {{size: [96, 96], fps: {fps}, duration: {duration}}}\n{PROMPTS}"


def test_seconds_that_were_written_as_frames(tmp_path: Path) -> None:
    assert warnings(tmp_path, video("10")) == [
        "1:44: video.duration: a number alone counts frames, and 10 frames take 0:00.42 at 24 "
        "frames a second; write 10s for seconds"
    ]


@pytest.mark.parametrize("text", [video("12"), video("10 frames"), video("0.2s"), video("6", 8)])
def test_what_may_be_meant(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, text) == []


def test_a_rate_that_a_format_cannot_show(tmp_path: Path) -> None:
    assert warnings(tmp_path, video("2s", 60) + "output: {file: a.gif}\n") == [
        "3:16: output.file: GIF shows at most 50 frames a second, so that of 60 one in 2 is "
        "shown; write fps: 50 or less, or another format"
    ]
    outputs = "outputs: [{file: a.mp4}, {file: a.gif}]\n"
    (told,) = warnings(tmp_path, video("2s", 60) + outputs)
    assert told.startswith("3:33: outputs.1.file: GIF shows")
    assert warnings(tmp_path, video("2s", 50) + outputs) == []

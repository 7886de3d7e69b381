"""Shots of a song, painted by the starter: the same pictures in whatever order, and apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import run
from tests.media import write_clicks
from tests.pipeline.cli.painted import say

SCENE = """\
video: {size: [64, 64], fps: 2, duration: song}
music: {file: song.wav, bpm: 120}
camera: {mode: 2d, zoom: "1.01 + 0.02 * beat_pulse", offset: {brightness: "1 + 0.2 * onset"}}
sampler: {steps: 2, skip_steps: {first: 0, then: 1}}
guidance: {cut_overview: 1, cut_innercut: 1}
output: {upscale: none, preset: ultrafast}
shots:
  - {name: sea, until: beat 3, prompts: a lighthouse}
  - {name: land, until: beat 5, enter: {fade: 1 beat}, prompts: a castle, seed: 5}
  - {name: sky, prompts: a ship at dawn, sampler: {eta: 0.3}}
"""


def files(out: Path) -> dict[str, bytes]:
    """The saved frames of every shot, and the video if there is one."""
    paths = [*(out / "frames").rglob("*.png"), *out.glob("*.mp4")]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.slow
def test_shots_are_the_same_bytes_in_order_in_reverse_and_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_clicks(tmp_path / "song.wav", [0.0, 0.5, 1.0, 1.5, 2.0], 2.73)
    scene = tmp_path / "night.yaml"
    scene.write_text(SCENE)
    say("render", scene, "--out", "whole")
    for name in ("sky", "land", "sea"):
        say("render", scene, "--out", "reverse", "--shot", name)
    # In a process of its own, where no other shot ever was.
    done = run("render", scene, "--out", "apart", "--shot", "land", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    whole, apart = files(tmp_path / "whole"), files(tmp_path / "apart")
    assert len([name for name in whole if "/land/" in name]) == 2 < len(whole) - 1 == 7
    assert files(tmp_path / "reverse") == whole
    assert apart == {name: data for name, data in whole.items() if "/land/" in name}

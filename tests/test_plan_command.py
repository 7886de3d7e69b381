"""What `check` and `plan` print, as a person reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import run


@pytest.mark.slow
def test_one_of_a_kind_is_told_in_the_singular(tmp_path: Path) -> None:
    for video, extent in [
        ("duration: 1, fps: 1", "1 frame of 96 x 96, 0:01 at 1 frame a second"),
        ("n_batches: 1", "1 still of 96 x 96"),
    ]:
        scene = tmp_path / "one.yaml"
        scene.write_text(
            f"video: {{size: [96, 96], {video}}}\nprompts: a castle\n"
            "sampler: {steps: 1}\nguidance: {cfg_scale: 1}\n"
        )
        assert f": {extent}; no mistakes\n" in run("check", scene, cwd=tmp_path).stdout
        planned = run("plan", scene, cwd=tmp_path).stdout.splitlines()
        assert planned[1:3] == [f"  {extent}", "  1 step; 1 network pass a frame, 1 in all"]
        assert planned[4].split("  ")[-2] == ("frame 0" if "frame" in extent else "still 0")


@pytest.mark.slow
def test_the_passes_of_what_is_painted_afresh_are_told_apart(tmp_path: Path) -> None:
    scene = tmp_path / "grows.yaml"
    scene.write_text(
        "video: {size: [96, 96], duration: 3, fps: 12}\nprompts: a castle\n"
        "sampler: {steps: 10, skip_steps: {then: 2}}\nguidance: {cfg_scale: 1, repaint: auto}\n"
    )
    assert run("plan", scene, cwd=tmp_path).stdout.splitlines()[2] == (
        "  10 steps; 8 to 10 network passes a frame, 26 in all, and up to 4 more where places are "
        "painted afresh"
    )


@pytest.mark.slow
def test_what_is_never_shown_is_told_beside_the_plan(tmp_path: Path) -> None:
    scene = tmp_path / "late.yaml"
    scene.write_text(
        "video: {size: [96, 96], duration: 1s}\nprompts: {0s: a castle, 1s: the sea}\n"
    )
    for verb in ("check", "plan"):
        done = run(verb, scene, cwd=tmp_path)
        assert done.returncode == 0
        assert done.stderr == (
            f"{scene}:2:25: warning: prompts.1s: this is never shown, as it begins at frame 24 "
            "(0:01) and the last frame is 23; write an earlier time, or a longer video.duration\n"
            "  2 | prompts: {0s: a castle, 1s: the sea}\n    |                         ^^\n"
        )
    assert "no mistakes, 1 warning" in run("check", scene, cwd=tmp_path).stdout

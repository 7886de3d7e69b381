"""Renders that are continued with another number of threads than they were begun with."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.command_line import run, write_scene

BARE = {name: value for name, value in os.environ.items() if not name.endswith("NUM_THREADS")}


def threads(folder: Path) -> list[int]:
    """How many threads computed each frame of a render."""
    lines = (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["platform"]["threads"] for line in lines]


@pytest.mark.slow
def test_a_render_goes_on_with_its_threads_or_says_why_not(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, frames=4, mode="2d", camera="roll: 1")
    begun = run("render", scene, "--frames", "0:1", "--threads", "3", cwd=tmp_path, env=BARE)
    assert begun.returncode == 0, begun.stderr
    folder = tmp_path / "renders" / "scene"
    assert threads(folder) == [3]
    refused = run("render", scene, "--frames", "1:2", "--threads", "1", cwd=tmp_path)
    assert refused.returncode == 1
    assert "frame 1 would grow from frame 0, which was computed on" in refused.stderr
    assert "--threads 3 goes on exactly" in refused.stderr
    assert threads(folder) == [3]
    kept = run("render", scene, "--frames", "1:2", cwd=tmp_path, env=BARE)
    assert kept.returncode == 0, kept.stderr
    # What the environment sets was meant, like the option.
    accepted = run("render", scene, "--frames", "2:3", "--accept-machine", cwd=tmp_path)
    assert accepted.returncode == 0, accepted.stderr
    assert threads(folder) == [3, 3, 1]

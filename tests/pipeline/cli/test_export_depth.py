"""`discoreel export depth` on a render whose author says how deep its frames are."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.spec.plan import OutputSpec
from tests.pipeline.cli.test_two_eyes import COUNT, HEIGHT, WIDTH, make_run, plan


def test_depth_comes_out_as_the_author_has_put_it_in(tmp_path: Path) -> None:
    """The near stripe of the author's picture lies at 0.8 units, and the wall at 2.6."""
    folder = make_run(tmp_path / "run", plan(tmp_path / "depth.png", OutputSpec("a.mp4")))
    out = tmp_path / "z"
    done = CliRunner().invoke(app, ["export", "depth", str(folder), str(out)])
    assert done.exit_code == 0, done.output
    assert done.stdout == f"depth          {out}\nwhat it means  {out}/depth.json\n"
    said = json.loads((out / "depth.json").read_text())
    assert said["frames"] == COUNT
    for frame in range(COUNT):
        levels = cv2.imread(str(out / f"{frame:06d}.png"), cv2.IMREAD_UNCHANGED)
        assert levels.shape == (HEIGHT, WIDTH)
        z = said["level_times_depth"] / levels
        np.testing.assert_allclose(z[:, 26:38], 0.8, atol=1e-4)
        np.testing.assert_allclose(z[:, :20], 2.6, atol=3e-4)


def test_floats_on_demand(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", plan(tmp_path / "depth.png", OutputSpec("a.mp4")))
    arguments = ["export", "depth", str(folder), str(tmp_path / "z"), "--format", "exr"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    names = sorted(one.name for one in (tmp_path / "z").iterdir())
    assert names == ["000000.exr", "000001.exr", "000002.exr", "depth.json"]


def test_a_folder_that_is_no_render_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", "depth", str(tmp_path), str(tmp_path / "z")])
    assert done.exit_code == 1
    assert "is not a render of discoreel: it has no run.json" in str(done.exception)


def test_painted_frames_are_never_replaced(tmp_path: Path) -> None:
    """And no depth is looked for before that is known."""
    folder = make_run(tmp_path / "run", plan(tmp_path / "depth.png", OutputSpec("a.mp4")))
    frames = {one: one.read_bytes() for one in (folder / "frames").iterdir()}
    done = CliRunner().invoke(app, ["export", "depth", str(folder), str(folder / "frames")])
    assert done.exit_code == 1
    assert "lies in the render" in str(done.exception)
    assert {one: one.read_bytes() for one in (folder / "frames").iterdir()} == frames
    assert not (folder / "depth").exists()

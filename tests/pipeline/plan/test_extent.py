from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from pipeline.plan.extent import extent
from pipeline.plan.make import make_plan
from tests.pipeline.scene_files import load


@pytest.mark.parametrize("length", ["duration: 5, fps: 29.97", "duration: 1", "n_batches: 3"])
def test_the_extent_is_what_the_plan_says(tmp_path: Path, length: str) -> None:
    scene = load(tmp_path, f"video: {{size: [64, 48], {length}}}\nprompts: a castle\n")
    plan, short = make_plan(scene), extent(scene)
    assert (short.frames, short.fps) == (len(plan), plan.fps)
    assert {spec.size for spec in plan} == {(short.width, short.height)}
    assert short.stills == length.startswith("n_batches")


def test_a_million_frames_are_checked_at_once(tmp_path: Path) -> None:
    text = (
        "video: {size: [4096, 4096], duration: 1000000}\nprompts: {0s: a, 5:00: b, blend: 9s}\n"
        "camera: {roll: {0: 1, 9999: 2}, translate_z: 2 * sin(t)}\nsampler: {steps: 1000}\n"
        "guidance: {cut_overview: {0%: 12, 40%: 4}}\noutput: {intermediate_saves: 1000}\n"
    )
    start = perf_counter()
    assert extent(load(tmp_path, text)).frames == 1_000_000
    assert perf_counter() - start < 10

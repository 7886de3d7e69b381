"""How much room a render takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.run.disk_use import measured_use, rough_use
from tests.media import drifting, write_clip
from tests.pipeline.plan.planned import plan

SCENE = """\
video: {size: [64, 64], duration: 10, fps: 10}
prompts: a castle
output: {file: sea.mp4, size: [128, 128], upscale: starter}
"""
PLAIN = """
camera: {mode: 2d, memory: frame}
sampler: {noise: fresh}
guidance: {init_hold: 0}
"""


def test_roughly_by_the_pixels(tmp_path: Path) -> None:
    use = rough_use(plan(tmp_path, SCENE))
    assert use.frames == pytest.approx(1.9 * 64 * 64 * 10)
    assert use.enlarged == pytest.approx(0.75 * 128 * 128 * 10)
    assert use.videos == pytest.approx(0.04 * 128 * 128 * 10)
    assert use.memory == pytest.approx(64 * 64 * (10 * 6 + 9 * 8))
    assert use.total == use.frames + use.enlarged + use.videos + use.memory


def test_frames_that_remember_nothing_leave_nothing(tmp_path: Path) -> None:
    use = rough_use(
        plan(tmp_path, SCENE.replace(", upscale: starter", ", upscale: lanczos") + PLAIN)
    )
    assert (use.memory, use.enlarged) == (0, 0)


def test_frames_of_a_clip_count_once_each(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.mkv", drifting(4, 32, 16))
    clip = "{size: [64, 64], duration: 10, fps: 10, input: {file: clip.mkv, at_end: loop}}"
    made = plan(tmp_path, SCENE.replace("{size: [64, 64], duration: 10, fps: 10}", clip))
    (tmp_path / "run/frames").mkdir(parents=True)
    (tmp_path / "run/frames/000000.png").write_bytes(b"0" * 100)
    shown = len({one.clip_frames[-1].index for one in made})
    measured = measured_use(tmp_path / "run", made)
    assert measured is not None
    expected = pytest.approx(1.9 * 64 * 64 * shown)
    assert (shown, rough_use(made).clips, measured.clips) == (4, expected, expected)


def test_as_a_render_took_by_the_frame(tmp_path: Path) -> None:
    made, folder = plan(tmp_path, SCENE), tmp_path / "run"
    assert measured_use(folder, made) is None
    for name, size in {
        "frames/000000.png": 100,
        "frames/000001.png": 300,
        "memory/000001.npz": 50,
        "upscaled/000000.png": 1000,
        "sea.mp4": 600,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"0" * size)
    use = measured_use(folder, made)
    assert use is not None
    assert (use.frames, use.memory, use.enlarged, use.videos) == (2000, 250, 10_000, 3000)


def test_what_is_not_there_yet_is_taken_roughly(tmp_path: Path) -> None:
    made, folder = plan(tmp_path, SCENE), tmp_path / "run" / "frames"
    folder.mkdir(parents=True)
    (folder / "000000.png").write_bytes(b"0" * 100)
    use, rough = measured_use(folder.parent, made), rough_use(made)
    assert use is not None and use.frames == 1000
    assert (use.enlarged, use.videos) == (rough.enlarged, rough.videos)

"""The sound of a clip is the music of a video over it, and lies where the clip's pictures do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.files.clip_frames import Framing, decode_frames
from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.png import Pixels, encode_png
from pipeline.output.ffmpeg import Film, assemble
from pipeline.plan.make import make_plan
from pipeline.run.footage import Layer
from pipeline.spec.clip import ClipFrame
from tests import child
from tests.media import frame_times, look, sound_of, write_clicks, write_clip
from tests.pipeline.scene_files import load

FLASHES = (0.4, 1.2, 1.6)
"""Seconds of the clip at which a flash is seen and a click is heard."""
RATE = 48000


def filmed(folder: Path, name: str, *form: str) -> Path:
    """A clip of flashes and clicks, 10 pictures a second."""
    dark, light = (np.full((16, 32, 3), level, np.uint8) for level in (10, 240))
    lit = {round(10 * second) for second in FLASHES}
    silent = write_clip(
        folder / "silent.mkv", [light if n in lit else dark for n in range(20)], "10"
    )
    clicks = write_clicks(folder / "clicks.wav", FLASHES, 2)
    argv = [ffmpeg(), "-v", "error", "-i", str(silent), "-i", str(clicks), "-shortest"]
    child.run([*argv, *form, str(folder / name)], check=True)
    return folder / name


def shown(folder: Path, name: str) -> Path:
    """The video that shows the clip's own frames, from 0.3 seconds of it on, in 30 a second."""
    which = f"file: {name}, start: 0.3s"
    text = (
        f"video: {{size: [32, 16], fps: 30, duration: clip, input: {{{which}}}}}\n"
        f"music: {{{which}}}\nprompts: red\n"
    )
    scene = load(folder, text)
    plan, clip = make_plan(scene), scene.video.input
    assert clip is not None
    pictures: dict[int, Pixels] = {}
    decode_frames(clip.clip, Framing((32, 16)), range(len(clip.clip)), pictures.__setitem__)
    layers = []
    for spec in plan:
        (*_, one) = spec.inputs
        assert isinstance(one, ClipFrame)
        path = folder / f"{one.index}.png"
        path.write_bytes(encode_png(pictures[one.index]))
        layers.append((Layer(path, spec.id),))
    film = Film(tuple(layers), plan.fps, (32, 16), "a", "0" * 64)
    return assemble(film, plan.output, folder)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.mkv", ("-c:v", "copy", "-c:a", "flac")),
        ("a.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")),
        ("a.ts", ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "mp2")),
    ],
)
def test_what_is_heard_is_heard_when_it_is_seen(
    tmp_path: Path, name: str, form: tuple[str, ...]
) -> None:
    filmed(tmp_path, name, *form)
    video = shown(tmp_path, name)
    levels, times = look(video).pixels.mean(axis=(1, 2, 3)), frame_times(video)
    lit = levels > 120
    seen = times[lit & ~np.roll(lit, 1)]
    expected = np.array(FLASHES) - 0.3
    loud = np.flatnonzero(np.abs(sound_of(video, RATE)) > 0.3) / RATE
    heard = [float(loud[np.abs(loud - second) < 0.08].min()) for second in expected]
    np.testing.assert_allclose(seen, expected, atol=1 / 30 + 0.001)
    np.testing.assert_allclose(heard, expected, atol=0.03)

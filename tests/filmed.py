"""Films of scenes with a song: plain frames in the place of painted ones, and what a player meets.

All that lies between the scene file and the decoded video is the program's own, but for the
painting of the frames.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import find_store
from pipeline.plan.make import make_plan
from pipeline.run.run import Run
from pipeline.scene.load import load_scene
from tests.media import frame_times, look, sound_of, sound_start
from tests.pipeline.cli.painted import say

Seconds = NDArray[np.float64]

RATE = 48000
"""Samples a second in which clicks are looked for."""
GREY = 40
"""The level of every frame that is saved."""

SCENE = """\
video: {{size: [16, 16], fps: {fps}, duration: {duration}}}
music: {{file: "{song}", {music}}}
prompts: a lighthouse
camera: {{offset: {{brightness: "1 + 5 * {pulse}"}}}}
output: {{upscale: none, {output}}}
"""
"""A scene of dark frames that flash where `pulse` is 1."""
USUAL = {
    "music": "bpm: 120",
    "pulse": "beat_pulse(release=0.02)",
    "output": "file: film.mp4, preset: ultrafast",
}


@dataclass(frozen=True)
class Filmed:
    """What is seen and heard of a video."""

    levels: Seconds
    """The mean level of each frame, 0 to 255."""
    times: Seconds
    """When each frame is shown."""
    sound: Seconds
    """Samples of the first channel, -1 to 1, RATE a second."""
    sound_start: float
    """When the first of them is heard."""

    def flashes(self) -> Seconds:
        """When a frame is light after one that is not: the first of each flash."""
        lit = self.levels > 4 * GREY
        return self.times[lit & ~np.r_[False, lit[:-1]]]

    def clicks(self) -> Seconds:
        """When it is loud after a tenth of a second of quiet."""
        loud = np.flatnonzero(np.abs(self.sound) > 0.4 * np.abs(self.sound).max())
        first = np.r_[True, np.diff(loud) > RATE // 10]
        return self.sound_start + loud[first] / RATE

    def apart(self) -> Seconds:
        """How far from each click the nearest flash is seen: before it below 0."""
        flashes, clicks = self.flashes(), self.clicks()
        nearest = flashes[np.abs(flashes[:, None] - clicks).argmin(axis=0)]
        return nearest - clicks


def write_scene(folder: Path, song: Path, fps: str, duration: str = "song", **parts: str) -> Path:
    """A scene whose frames flash; `parts` are others than USUAL."""
    text = SCENE.format(fps=fps, duration=duration, song=song, **{**USUAL, **parts})
    path = folder / "film.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def paint(scene: Path, out: Path) -> int:
    """A render of `scene` whose frames are all grey; how many there are."""
    plan, store = make_plan(load_scene(scene)), find_store()
    located = locate_all(plan, store)
    prints = {name: fingerprints(one, store) for name, one in located.items()}
    width, height = plan[0].size
    grey = np.full((height, width, 3), GREY, np.uint8)
    # Frames that nobody will miss need not survive a power cut.
    with patch.object(os, "fsync"), Run.open(out, plan, prints) as run:
        for spec in plan.frames:
            run.save(spec, grey, seconds=1.0)
    return len(plan)


def film(scene: Path) -> Path:
    """The video of `scene` from grey frames."""
    out = scene.parent / "out"
    paint(scene, out)
    said, _ = say("assemble", out)
    return Path(said.splitlines()[0].removeprefix("video").strip())


def watch(video: Path) -> Filmed:
    """The video, decoded again."""
    levels = look(video).pixels.mean(axis=(1, 2, 3))
    times = frame_times(video)
    assert len(times) == len(levels)
    return Filmed(levels, times, sound_of(video, RATE), sound_start(video))


def half_a_frame(fps: str) -> float:
    """In seconds."""
    return float(1 / (2 * Fraction(fps)))

"""A small scene with a song, beats, shots and a render, for tests of the page that follows it."""

from __future__ import annotations

from pathlib import Path

from pipeline.cli.watched import read_view
from pipeline.web.view import Understood, View
from tests.media import write_tone

SCENE = """\
video: {size: [96, 96], fps: 12, duration: 2 bars}
music:
  {file: song.wav, start: 0.5s, bpm: 240, first_beat: 0.5, sections: {verse: bar 1, chorus: bar 2},
   marks: {drop: 1s}}
prompts: {0s: a lighthouse, chorus: [a castle, {text: a ship, weight: -0.5}], blend: 1 beat}
camera: {mode: 2d, zoom: {0s: 1, end: 1.02}}
"""


def write_scene(folder: Path, text: str = SCENE) -> Path:
    """The scene, 24 frames long, beside its song."""
    write_tone(folder / "song.wav", 4.0)
    path = folder / "night.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def render_of(scene: Path) -> Path:
    """Where its render lies in tests."""
    return scene.parent / "render"


def view(scene: Path) -> View:
    """What there is to see of it."""
    return read_view(scene, render_of(scene))


def understood(scene: Path) -> Understood:
    """The scene, which has no mistake."""
    found = view(scene).understood
    assert found is not None
    return found

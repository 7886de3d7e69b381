"""Scenes of several texts: written, read, and what is said about bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SceneError
from pipeline.scene.composing.choice import Choice
from pipeline.scene.load import SceneRead, read_scene


def write_all(folder: Path, **texts: str) -> Path:
    """Files called by their keys with `.yaml`, `__` for a folder's `/`; the path of `scene`."""
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "scene.yaml"


def read(path: Path, profile: str | None = None, *settings: str) -> SceneRead:
    """The scene with a profile and settings laid over it."""
    return read_scene(path, choice=Choice(profile, settings))


def told(path: Path, profile: str | None = None, *settings: str) -> list[str]:
    """What is wrong with a scene, a line for each mistake, files without their folder."""
    with pytest.raises(SceneError) as caught:
        read(path, profile, *settings)
    return str(caught.value).replace(f"{path.parent}/", "").splitlines()

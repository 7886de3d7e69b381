"""Scene files for tests: a good one to add to, and what is said about a bad one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import SceneError
from pipeline.files.png import encode_png
from pipeline.scene.load import load_scene, read_scene
from pipeline.scene.schema import Scene

VIDEO = "video: {size: [96, 96], duration: 48}\n"
BASE = VIDEO + "prompts: a castle\n"


def write(folder: Path, text: str, name: str = "scene.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def write_picture(path: Path) -> Path:
    """A black picture, for scenes that name one."""
    path.write_bytes(encode_png(np.zeros((2, 2, 3), np.uint8)))
    return path


def load(folder: Path, text: str) -> Scene:
    return load_scene(write(folder, text))


def complaints(folder: Path, text: str) -> list[str]:
    """What is wrong with a scene, as `line:column: path: message`."""
    path = write(folder, text)
    with pytest.raises(SceneError) as caught:
        load_scene(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


def warnings(folder: Path, text: str) -> list[str]:
    """What a scene is warned of, as `line:column: path: message`."""
    path = write(folder, text)
    return [one.told(path).removeprefix(f"{path}:") for one in read_scene(path).warnings]


def assert_told(folder: Path, text: str, told: str | tuple[str, ...]) -> None:
    """A scene has these mistakes and no other; each message begins as it is given here."""
    expected = (told,) if isinstance(told, str) else told
    found = [line.replace(f"{folder.resolve()}/", "") for line in complaints(folder, text)]
    assert len(found) == len(expected), found
    for line, beginning in zip(found, expected, strict=True):
        assert line.startswith(beginning), line

"""The lines of Python in the manual write what is read, with a stand-in for Blender's own."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from math import radians, tan
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pipeline.scene.paths.formats import Told, read_path

MANUAL = Path(__file__).parents[4] / "docs" / "scene.md"
FOV, SIZE = 35.0, (1920, 1080)


class Matrix(np.ndarray):  # type: ignore[type-arg]
    """As much of Blender's matrices and rotations as the script asks."""

    def decompose(self) -> tuple[Any, Any, Any]:
        lengths = np.linalg.norm(self[:3, :3], axis=0)
        return self[:3, 3].copy(), (self[:3, :3] / lengths).view(Matrix), lengths

    def to_matrix(self) -> Matrix:
        return self

    def to_4x4(self) -> Matrix:
        made = np.eye(4).view(Matrix)
        made[:3, :3] = self
        return made

    @property
    def translation(self) -> Any:
        return self[:3, 3]

    @translation.setter
    def translation(self, place: Any) -> None:
        self[:3, 3] = place


@dataclass
class Camera:
    """A camera that turns about the world's z axis and is scaled, as cameras of rigs are."""

    scene: Scene

    @property
    def matrix_world(self) -> Matrix:
        angle = radians(5 * self.scene.frame)
        made = np.eye(4)
        made[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        upright = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
        made[:3, :3] = made[:3, :3] @ upright * 2.5
        made[:3, 3] = [self.scene.frame, 0, 1.5]
        return made.view(Matrix)

    def evaluated_get(self, graph: object) -> Camera:
        return self

    def calc_matrix_camera(self, graph: object, x: int, y: int) -> Any:
        assert (x, y) == SIZE
        lens = np.zeros((4, 4))
        lens[1, 1] = 1 / tan(radians(FOV) / 2)
        return lens


@dataclass
class Scene:
    """Four frames, from 3 to 6, at 29.97 a second."""

    frame: int = 0
    frame_start: int = 3
    frame_end: int = 6
    render: Any = field(
        default_factory=lambda: SimpleNamespace(
            resolution_x=3840, resolution_y=2160, resolution_percentage=50, fps=30, fps_base=1.001
        )
    )

    @property
    def camera(self) -> Camera:
        return Camera(self)

    def frame_set(self, number: int) -> None:
        self.frame = number


def test_the_script_of_the_manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (script,) = re.findall(r"^```python\n(import json.*?)^```", MANUAL.read_text(), re.M | re.S)
    bpy = ModuleType("bpy")
    bpy.context = SimpleNamespace(  # type: ignore[attr-defined]
        scene=Scene(), evaluated_depsgraph_get=lambda: None
    )
    bpy.path = SimpleNamespace(  # type: ignore[attr-defined]
        abspath=lambda name: str(tmp_path / name.removeprefix("//"))
    )
    monkeypatch.setitem(sys.modules, "bpy", bpy)
    exec(script, {})

    found = read_path(tmp_path / "camera.json", Told(24.0))
    np.testing.assert_allclose(found.places, [[n, -1.5, 0] for n in range(3, 7)], atol=1e-12)
    np.testing.assert_allclose(found.times, np.arange(4) * 1.001 / 30, atol=1e-12)
    assert found.fovs is not None
    np.testing.assert_allclose(found.fovs, FOV)
    # To the left as seen from above, by 5 degrees a frame, and level.
    looks = found.matrices @ [0, 0, 1]
    angles = np.degrees(np.arctan2(-looks[:, 0], looks[:, 2]))
    np.testing.assert_allclose(angles, [15, 20, 25, 30], atol=1e-9)
    np.testing.assert_allclose(looks[:, 1], 0, atol=1e-12)

"""Running the program as its users do: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import child

SCENE = """\
video: {{size: [32, 32], fps: 8, duration: {frames}}}
seed: 3
prompts: {{0: "a lighthouse at night", {half}: "a castle", blend: 1}}
camera: {{mode: {mode}, {camera}}}
sampler: {{steps: 6, skip_steps: {{first: 0, then: 50%}}}}
guidance: {{cut_overview: 1, cut_innercut: 1}}
output: {{display_rate: 2}}
"""


def write_scene(
    folder: Path,
    name: str = "scene.yaml",
    *,
    frames: int = 6,
    mode: str = "3d",
    camera: str = "translate_z: 4, roll: 1",
) -> Path:
    """A scene that the starter models render in a few seconds."""
    path = folder / name
    text = SCENE.format(frames=frames, half=frames // 2, mode=mode, camera=camera)
    path.write_text(text, encoding="utf-8")
    return path


PROGRAM = ("-m", "pipeline")
"""What Python is told to run."""


def command(*arguments: str | Path, program: Sequence[str] = PROGRAM) -> list[str]:
    """The program's argument list."""
    return [sys.executable, *program, *map(str, arguments)]


def environment() -> dict[str, str]:
    """One thread a process, so that tests side by side do not wait for each other."""
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def installed(folder: Path) -> dict[str, str]:
    """An environment whose modules lie in `folder`, compiled, after the program's first start."""
    env = environment() | {"PYTHONPYCACHEPREFIX": str(folder)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def run(
    *arguments: str | Path,
    cwd: Path,
    program: Sequence[str] = PROGRAM,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """The finished program, with what it printed; `env` is `environment()` unless given."""
    return child.run(
        command(*arguments, program=program),
        cwd=cwd,
        env=environment() if env is None else env,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def frames(folder: Path) -> dict[str, bytes]:
    """The bytes of every finished frame of a render, by file name."""
    return {path.name: path.read_bytes() for path in sorted((folder / "frames").glob("0*.png"))}

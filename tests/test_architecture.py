"""The map of the code is true: its files are there, its rooms are those of the layers, it runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import torch

from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import find_store
from pipeline.networks.load import load_networks
from pipeline.output.delivery import make_video
from pipeline.plan.make import make_plan
from pipeline.render.loop import render
from pipeline.run.run import Run
from pipeline.scene.load import load_scene
from tests.command_line import frames, write_scene
from tests.test_layers import ROOMS

ROOT = Path(__file__).parent.parent
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def code_in(text: str) -> str:
    """The only Python of a document."""
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return code


def test_the_files_that_it_names_are_there() -> None:
    named = re.findall(r"`((?:pipeline|tests|tools|docs)/[\w/.]+)`", MAP)
    assert len(named) > 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_its_rooms_are_the_layers_in_their_order() -> None:
    chapter = MAP.partition("\n## Rooms\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([\w/]+)` \|", chapter, re.MULTILINE)
    assert tuple(name.replace("/", ".") for name in listed) == ROOMS


VERBS: tuple[Any, ...] = (
    *(load_scene, make_plan, find_store, locate_all, fingerprints, load_networks),
    *(Run, render, make_video),
)
"""What the examples call."""


@pytest.mark.slow
def test_its_example_renders_and_that_of_the_readme_continues(tmp_path: Path) -> None:
    out = tmp_path / "out"
    path = write_scene(tmp_path, frames=2, mode="2d", camera="zoom: 1.02")
    names = {**{verb.__name__: verb for verb in VERBS}, "torch": torch, "out": out, "path": path}
    exec(compile(code_in(MAP), "architecture.md", "exec"), names)
    made, video = frames(out), out / "scene.mp4"
    assert len(made) == 2 and video.exists()
    video.unlink()
    exec(compile(code_in((ROOT / "README.md").read_text("utf-8")), "README.md", "exec"), names)
    assert frames(out) == made and video.exists()

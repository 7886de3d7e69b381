"""A scene around its section `models`: what the section means, or what is said about it."""

from __future__ import annotations

from pathlib import Path

from pipeline.scene.settings import Models
from tests.pipeline.scene_files import complaints, load

PICTURES = "video: {size: [64, 64], duration: 4}\nprompts: a castle\n"


def models(folder: Path, written: str) -> Models:
    """What a `models` means."""
    return load(folder, f"{PICTURES}models: {written}\n").models


def told(folder: Path, written: str) -> list[str]:
    """What is wrong with a `models`, as `path: message`."""
    lines = complaints(folder, f"{PICTURES}models: {written}\n")
    return [line.split(": models.", 1)[-1].split(" models.", 1)[-1] for line in lines]

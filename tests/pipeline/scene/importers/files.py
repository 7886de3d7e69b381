"""Settings files of our own making, in the shapes that people really have."""

from __future__ import annotations

from pathlib import Path

from pipeline.plan.make import make_plan
from pipeline.scene.importers.kinds import Imported, import_settings
from pipeline.scene.importers.notes import Severity
from pipeline.scene.load import read_scene
from pipeline.spec.plan import Plan

SETTINGS = Path(__file__).parent / "settings"
FILES = tuple(sorted(path.name for path in SETTINGS.iterdir()))


def imported(name: str, folder: Path) -> Imported:
    """The scene that a settings file becomes in `folder`."""
    return import_settings(SETTINGS / name, folder)


def planned(name: str, folder: Path) -> Plan:
    """The plan of that scene, read from its file."""
    scene = folder / "scene.yaml"
    scene.write_text(imported(name, folder).text, encoding="utf-8")
    return make_plan(read_scene(scene).scene)


def told(made: Imported, severity: Severity) -> dict[str, str]:
    """The notes of a severity, by the name of their first key."""
    return {note.names[0]: note.message for note in made.notes if note.severity == severity}


def settings_of(text: str, folder: Path, name: str = "own.txt") -> Imported:
    """The scene of a settings file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_settings(path, folder)

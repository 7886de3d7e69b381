"""`discoreel check`: every mistake of a scene at once."""

from __future__ import annotations

from pipeline.cli.options import SceneFile
from pipeline.cli.outline import size_of, tell_remarks
from pipeline.cli.terminal import say
from pipeline.plan.extent import extent
from pipeline.scene.load import load_scene


def check(scene: SceneFile) -> None:
    """Read a scene and name every mistake in it, without rendering anything."""
    read = load_scene(scene)
    say(f"{scene}: {size_of(extent(read))}; no mistakes")
    tell_remarks(read)

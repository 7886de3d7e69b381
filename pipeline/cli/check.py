"""`discoreel check`: every mistake of a scene at once."""

from __future__ import annotations

from keyframes.time_words import counted
from pipeline.cli.options import SceneFile
from pipeline.cli.outline import size_of, tell_warnings
from pipeline.cli.terminal import say


def check(scene: SceneFile) -> None:
    """Read a scene and name every mistake in it, without rendering anything."""
    from pipeline.plan.extent import extent
    from pipeline.scene.load import read_scene

    read = read_scene(scene)
    tell_warnings(read, scene)
    count = len(read.warnings)
    warned = f", {counted(count, 'warning')}" if count else ""
    say(f"{scene}: {size_of(extent(read.scene))}; no mistakes{warned}")

"""The plan of a scene for a command that renders it, or changes its render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.chosen_frames import frame_named, frames_named
from pipeline.cli.disk_room import narrow_disk
from pipeline.cli.problems import tell_warnings
from pipeline.scene.composing.choice import Choice
from pipeline.scene.composing.kept_texts import kept_texts

if TYPE_CHECKING:
    from pipeline.scene.schema import Scene
    from pipeline.spec.frame import FrameId
    from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class Planned:
    """A scene as it was read, and what is to be rendered of it."""

    plan: Plan
    scene: Scene
    texts: Mapping[str, str]
    """Texts of the scene by name: its file, what it includes, the options laid over it."""

    def frame_named(self, words: str) -> FrameId:
        """The painted frame that words on the command line mean; Error if they mean none."""
        return frame_named(words, self.plan, self.scene.timebase, self.scene.frame_count)

    def frames_named(self, words: str) -> frozenset[FrameId]:
        """The painted frames that words on the command line mean; Error if they mean none."""
        return frames_named(words, self.plan, self.scene.timebase, self.scene.frame_count)


def planned(file: Path, choice: Choice, out: Path | None) -> Planned:
    """The scene in `file` with its plan; its warnings are told."""
    from pipeline.plan.make import make_plan
    from pipeline.scene.load import read_scene

    read = read_scene(file, choice=choice)
    made = make_plan(read.scene)
    tell_warnings(read, file, *narrow_disk(read, file, out, choice.profile))
    return Planned(made, read.scene, kept_texts(file, read.document, choice))

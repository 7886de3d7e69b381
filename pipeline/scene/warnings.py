"""What the author of a scene may not expect of it: everything that is told and stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from keyframes.mistakes import Located
from pipeline.errors import Problem
from pipeline.scene.eyes_apart import eyes_apart
from pipeline.scene.guided_warnings import guided_warnings
from pipeline.scene.idle_settings import idle_settings
from pipeline.scene.music_warnings import music_warnings
from pipeline.scene.off_the_beat import off_the_beat
from pipeline.scene.open_seams import open_seams
from pipeline.scene.output_list import silent_outputs
from pipeline.scene.passing_through import passing_through
from pipeline.scene.reading.problems import place
from pipeline.scene.rhythm_warnings import idle_rhythms, too_long_rhythms
from pipeline.scene.sections import ShotRead
from pipeline.scene.starter_warnings import starter_warnings
from pipeline.scene.switched_off import switched_off
from pipeline.scene.text_to_image_warnings import text_to_image_warnings
from pipeline.scene.unread_pictures import unread_pictures
from pipeline.scene.unseen_changes import unseen_changes
from pipeline.scene.unseen_motion import unseen_motion
from pipeline.scene.unseen_prompts import unseen_prompts
from pipeline.scene.unused_starts import unused_starts
from pipeline.scene.unused_variables import unused_variables
from pipeline.scene.video_warnings import video_warnings

Warnings = Callable[[ShotRead], Iterator[Located]]

_OF_ANY_SHOT: tuple[Warnings, ...] = (
    starter_warnings,
    text_to_image_warnings,
    unseen_prompts,
    unread_pictures,
    unused_starts,
    music_warnings,
    off_the_beat,
    silent_outputs,
    video_warnings,
    passing_through,
    guided_warnings,
    open_seams,
    eyes_apart,
    too_long_rhythms,
)
"""What is told if it is so in one of the shots."""

_OF_ALL_SHOTS: tuple[Warnings, ...] = (
    idle_settings,
    switched_off,
    idle_rhythms,
    unseen_changes,
    unseen_motion,
    unused_variables,
)
"""What is told of a setting if it is so in each of the shots that have it: what has no effect in
one may be meant for another."""


def warnings_of(parts: Sequence[ShotRead]) -> tuple[Problem, ...]:
    """The warnings of a scene, each once, in the order of the file."""
    of_any = (_placed(part, one) for part in parts for one in _told(part, _OF_ANY_SHOT))
    return tuple(sorted({*of_any, *_of_all(parts)}))


def _of_all(parts: Sequence[ShotRead]) -> Iterator[Problem]:
    """What is told of settings that no shot has any use for, as the first of them says it."""
    found = [[(_placed(part, one), one) for one in _told(part, _OF_ALL_SHOTS)] for part in parts]
    places = [{_where(problem) for problem, _ in warned} for warned in found]
    told: set[tuple[int, int]] = set()
    for warned in found:
        here: set[tuple[int, int]] = set()
        for problem, located in warned:
            at = _where(problem)
            # A shot that has the setting at the same place and is not warned makes use of it.
            shared = (
                at in there or _where(_placed(part, located)) != at
                for part, there in zip(parts, places, strict=True)
            )
            if at not in told and all(shared):
                here.add(at)
                yield problem
        told |= here


def _told(part: ShotRead, by: Sequence[Warnings]) -> Iterator[Located]:
    return (located for warnings in by for located in warnings(part))


def _placed(part: ShotRead, located: Located) -> Problem:
    return place(part.document, (), located)


def _where(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column

"""What is wrong with a scene only once one of its profiles is laid over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keyframes.quoting import quoted
from pipeline.errors import Error, Problem, SceneError

if TYPE_CHECKING:
    from pipeline.scene.composing.choice import Choice

MOST_PROFILES = 8
"""How many profiles are looked at: each takes as long as the scene itself."""
MOST_FRAMES = 50_000
"""How many frames they may have together, which take about a second; one is always looked at."""


def looked_at(profiles: Sequence[str], frames: int) -> Sequence[str]:
    """The first of the profiles, as many as are looked at in a scene of so many frames."""
    return profiles[: max(1, min(MOST_PROFILES, MOST_FRAMES // max(1, frames)))]


def profile_mistakes(scene: Path, profiles: Sequence[str], choice: Choice) -> tuple[Problem, ...]:
    """The mistakes of a scene, which has none by itself, with each of its profiles.

    Those of the settings of a profile are told as they are; others say with which profile.
    """
    told: dict[tuple[object, ...], Problem] = {}
    for name in profiles:
        for problem in _mistakes(scene, replace(choice, profile=name)):
            one = problem if _is_of(problem, name) else _with(problem, name)
            place = problem.place(scene), problem.line, problem.column, problem.message
            told.setdefault(place, one)
    return tuple(told.values())


def _mistakes(scene: Path, choice: Choice) -> Iterator[Problem]:
    from pipeline.scene.load import read_scene

    try:
        read_scene(scene, choice=choice)
    except SceneError as error:
        yield from error.problems
    except Error as error:
        yield Problem(1, 1, "", str(error))


def _is_of(problem: Problem, profile: str) -> bool:
    return problem.path.startswith(f"profiles.{quoted(profile)}.")


def _with(problem: Problem, profile: str) -> Problem:
    return replace(problem, message=f"with --profile {quoted(profile)}: {problem.message}")

"""Numbers in JSON that another program wrote, with their places in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

from keyframes.frame_rates import parse_fps
from keyframes.mistakes import found
from keyframes.nearest import nearest
from keyframes.number_slips import write_instead
from pipeline.files.json_text import read_json
from pipeline.files.texts import fault
from pipeline.scene.paths.poses import LARGEST

SLOWEST, FASTEST = 1e-6, 100_000
"""The fewest poses a second, and the most."""


def read_mapping(text: str, path: Path, what: str) -> Mapping[str, Any]:
    """The mapping that a JSON text is; ValueError, with the file, for anything else."""
    try:
        data = read_json(text)
    except ValueError as error:
        raise fault(path, f"this is no JSON: {error}; export the path again") from error
    if not isinstance(data, Mapping):
        raise fault(path, f"expected {what}, found {found(data)}")
    return data


def check_names(data: Mapping[str, Any], allowed: Sequence[str], path: Path, place: str) -> None:
    """Raises ValueError for the first name in `data` that is not allowed."""
    for name in data:
        if name not in allowed:
            words = f"unknown key {found(name)}{nearest(name, allowed)} {place}".rstrip()
            raise fault(path, f"{words}; allowed: {', '.join(allowed)}")


def listed(data: Mapping[str, Any], name: str, path: Path) -> Sequence[Any]:
    """The list under a name; ValueError where there is none."""
    value = data.get(name)
    if not isinstance(value, list):
        raise fault(path, f"expected a list under {name}, found {found(value)}")
    return value


def number_of(value: Any, path: Path, place: str) -> float:
    """A finite number, `LARGEST` at most; `place` says in messages where it stands."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fault(path, f"{place}: expected a number, found {found(value)}{write_instead(value)}")
    number = _float_of(value)
    if not abs(number) <= LARGEST:
        raise fault(path, f"{place}: found {number}, which is no number; export the path again")
    return number


def _float_of(value: float) -> float:
    """The nearest float, which is infinite for whole numbers that none can hold."""
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def numbers_of(value: Any, count: int, path: Path, place: str) -> list[float]:
    """A list of `count` finite numbers."""
    if not isinstance(value, list) or len(value) != count:
        there = f"{len(value)} of them" if isinstance(value, list) else found(value)
        raise fault(path, f"{place}: expected {count} numbers, found {there}")
    return [number_of(one, path, place) for one in value]


def rate_of(value: Any, path: Path) -> float:
    """The poses a second that stand under `fps`, as a number or as `30000/1001`."""
    rate = _written_rate(value, path) if isinstance(value, str) else number_of(value, path, "fps")
    if not SLOWEST <= rate <= FASTEST:
        raise fault(path, f"fps: found {found(value)}; allowed: {SLOWEST:g} to {FASTEST}")
    return float(rate)


def _written_rate(text: str, path: Path) -> Fraction:
    try:
        return parse_fps(text)
    except ValueError as error:
        raise fault(path, f"fps: {error}") from error

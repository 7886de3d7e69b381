"""Tempos as they are written on the command line."""

from __future__ import annotations

import re

import typer

from keyframes.quoting import quoted

SLOWEST, FASTEST = 20.0, 400.0
"""Beats a minute that a scene may have."""

_NEAR = 0.02
"""Share of a single tempo by which the song may be slower or faster."""
_NUMBER = r"(\d{1,4}(?:\.\d{1,6})?)"
_BOUNDS = re.compile(rf"\s*{_NUMBER}(?:\s*(?:-|–|to|\.\.)\s*{_NUMBER})?\s*(?:bpm)?\s*", re.I)  # noqa: RUF001


def read_tempo(written: str) -> tuple[float, float]:
    """The bounds in beats a minute that `80-110`, `80 to 110` or `120` mean.

    A single tempo leaves 2 % to both sides, as nobody plays a rounded number. BadParameter for
    all that is no tempo.
    """
    match = _BOUNDS.fullmatch(written)
    if match is None:
        raise typer.BadParameter(
            f"--bpm: expected beats a minute such as 120 or 80-110, found {quoted(written)}"
        )
    low = float(match[1])
    high = float(match[2]) if match[2] else low
    if not SLOWEST <= low <= high <= FASTEST:
        raise typer.BadParameter(
            f"--bpm: expected {SLOWEST:g} to {FASTEST:g} beats a minute, the lower number first, "
            f"found {quoted(written)}"
        )
    return (low * (1 - _NEAR), low * (1 + _NEAR)) if low == high else (low, high)

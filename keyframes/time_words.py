"""Seconds in words."""

from __future__ import annotations


def clock_time(seconds: float) -> str:
    """`0:42` or `1:03:20`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

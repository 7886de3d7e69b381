"""Seconds and numbers of things in words."""

from __future__ import annotations


def clock_time(seconds: float) -> str:
    """`0:42` or `1:03:20`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def counted(number: float, noun: str) -> str:
    """`1 frame`, `24 frames`, `29.97 frames`; for nouns whose plural ends in s."""
    return f"{round(number, 2):.12g} {noun}" + ("" if number == 1 else "s")

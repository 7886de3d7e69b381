"""The words of *Pulse*, and when they are sung."""

from __future__ import annotations

from tools.song import score

LINES = (
    (1, "A lamp goes round above the tide"),
    (3, "it counts the dark, it keeps the time"),
    (5, "The waves write silver on the stone"),
    (7, "and every ship is far from home"),
    (9, "Hold your breath"),
    (11, "Turn, light, turn, the night is wide"),
    (13, "burn a road across the tide"),
    (15, "Turn, light, turn, till morning comes"),
    (17, "the sea is beating like a drum"),
)
"""Bar and line."""
END = 19
"""The bar in which the last line is over."""


def lrc() -> str:
    """The words in the LRC format: `[mm:ss.xx]line`, and an empty line where they end."""
    head = ["[ti:Pulse]", "[ar:discoreel]", f"[length:{_stamp(score.SECONDS)}]"]
    lines = [f"[{_stamp(_second(bar))}]{line}" for bar, line in (*LINES, (END, ""))]
    return "\n".join((*head, *lines)) + "\n"


def _second(bar: int) -> float:
    return score.seconds(score.first_beat_of(bar))


def _stamp(second: float) -> str:
    return f"{int(second // 60):02d}:{second % 60:05.2f}"

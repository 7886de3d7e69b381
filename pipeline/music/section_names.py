"""Names for the parts of a song, by how loud they are, whether they have a beat, and what returns.

The names are a proposal: a machine does not hear what is sung. Where nothing sets the parts apart
but that they differ, they are called `a`, `b`, `c`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.music.bar_features import SILENT

LOUDER = 1.5
"""Decibels by which one part is plainly louder than another."""
_JUMP = 6.0
"""Decibels by which the loudest part falls in when it is a drop."""
_WITHOUT_BEAT = 0.5
"""Share of its neighbours' beat below which a part is without one."""
_LONGEST_EDGE, _LONGEST_DIP, _LONGEST_BREAK = 8, 4, 16
"""Most bars of an intro or outro, of a break that is only quieter, of one without a beat."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a song between two boundaries."""

    kind: int
    """Parts that are alike have the same."""
    bars: int
    level: float
    """Mean loudness in decibels below the loud parts of the song."""
    first_level: float
    last_level: float
    """Loudness of its first and of its last bar."""
    beat: float
    """How strong its low strokes are, 0 (none) to 1."""


def name_parts(parts: Sequence[Part]) -> tuple[str, ...]:
    """A name for each part, in their order; what comes again is numbered: `chorus`, `chorus 2`."""
    roles = dict(_roles(parts))
    kinds = _kind_names([part for k, part in enumerate(parts) if k not in roles])
    drops = set(_drops(parts, roles, kinds))
    names, seen = [], Counter[str]()
    for k, part in enumerate(parts):
        name = "drop" if k in drops else roles.get(k) or kinds[part.kind]
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(names)


def _roles(parts: Sequence[Part]) -> Iterator[tuple[int, str]]:
    """The parts whose place in the song gives them their name."""
    last = len(parts) - 1
    inside = {part.kind for part in parts[1:-1]}
    for k, part in enumerate(parts):
        outside = last >= 2 and part.kind not in inside
        if part.level < SILENT:
            yield k, "silence"
        elif outside and k == 0 and _leads(part, parts[1]):
            yield k, "intro"
        elif outside and k == last and _leads(part, parts[last - 1]):
            yield k, "outro"
        elif 0 < k < last and _is_break(part, parts[k - 1], parts[k + 1]):
            yield k, "break"


def _leads(part: Part, inner: Part) -> bool:
    """Whether a part at the edge of a song only leads into the one beside it, or out of it."""
    bare = part.beat < _WITHOUT_BEAT * inner.beat
    quieter = part.level < inner.level - LOUDER
    short = part.bars <= min(_LONGEST_EDGE, inner.bars)
    return short and (bare or (quieter and part.bars < inner.bars))


def _is_break(part: Part, before: Part, after: Part) -> bool:
    bare = part.beat < _WITHOUT_BEAT * min(before.beat, after.beat)
    quieter = part.level < min(before.level, after.level) - LOUDER
    shorter = part.bars < max(before.bars, after.bars)
    dips = quieter and shorter and part.bars <= _LONGEST_DIP
    return dips or (
        bare and part.bars <= _LONGEST_BREAK and part.level < max(before.level, after.level)
    )


def _kind_names(parts: Sequence[Part]) -> Mapping[int, str]:
    """What the parts of each kind are called that have no role."""
    bars: Counter[int] = Counter()
    for part in parts:
        bars[part.kind] += part.bars
    levels = {
        kind: sum(part.level * part.bars for part in parts if part.kind == kind) / bars[kind]
        for kind in bars
    }
    by_level = sorted(levels, key=lambda kind: (-levels[kind], kind))
    if len(bars) == 1:
        return {by_level[0]: "main"}
    if not bars or levels[by_level[0]] < levels[by_level[1]] + LOUDER:
        return {kind: _letter(k) for k, kind in enumerate(sorted(bars))}
    chorus, *others = by_level
    verse, *rest = sorted(others, key=lambda kind: (-bars[kind], kind))
    named = {chorus: "chorus", verse: "verse"}
    words = ("bridge", *(f"part {_letter(k)}" for k in range(3, 3 + len(rest))))
    return named | dict(zip(sorted(rest), words, strict=False))


def _drops(
    parts: Sequence[Part], roles: Mapping[int, str], kinds: Mapping[int, str]
) -> Iterator[int]:
    """The loudest parts that fall in at once after a break."""
    for k in range(1, len(parts)):
        jump = parts[k].first_level - parts[k - 1].last_level
        if roles.get(k - 1) == "break" and jump >= _JUMP and kinds.get(parts[k].kind) == "chorus":
            yield k


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"part {number + 1}"

"""Times that have names: the sections of a song, its marks, and the lines that are sung.

A section stands under its own name, a mark as `mark drop` and a line as `line 12`; the word `mark`
may be left out where no section has the name. Names are as `keyframes.time_grammar.plain` makes
them, and stand for seconds from the first frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from keyframes.mistakes import found
from keyframes.nearest import nearest
from keyframes.quoting import quoted

Names = Mapping[str, Fraction]

MARK = "mark "
LINE = "line "
_LISTED = 12
"""Names that a message lists before it only counts them."""
_COMPARED = 200
"""Names that a mistyped one is compared with: each takes long, and a scene may hold many."""


def named_time(text: str, names: Names) -> Fraction | None:
    """The seconds of a name, or None."""
    return names.get(text, names.get(f"{MARK}{text}"))


def unknown_name(written: object, text: str, names: Names, words: Sequence[str]) -> str:
    """Why `written`, as plain `text`, is no time where there are `names`; `words` are times too."""
    known = list(names)[:_COMPARED]
    hint = nearest(text, [*known, *(name.removeprefix(MARK) for name in known), *words])
    return f"{found(written)} is no time{hint}; the named times are {_listed(names)}"


def section_at(second: Fraction, names: Names) -> str:
    """The name of the section in which a second lies, or nothing."""
    begun = [
        (start, name)
        for name, start in names.items()
        if start <= second and not name.startswith((MARK, LINE))
    ]
    return max(begun)[1] if begun else ""


def _listed(names: Names) -> str:
    lines = [name for name in names if name.startswith(LINE)]
    others = [quoted(name) for name in names if not name.startswith(LINE)]
    listed = others[:_LISTED]
    if len(others) > _LISTED:
        listed.append(f"{len(others) - _LISTED} more")
    if lines:
        listed.append(lines[0] if len(lines) == 1 else f"{lines[0]} to {lines[-1]}")
    *before, last = listed
    return f"{', '.join(before)} and {last}" if before else last

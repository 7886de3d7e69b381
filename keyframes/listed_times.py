"""Times in the place where a mapping of them belongs: a list of one-key mappings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from keyframes.foreign_prompts import quoted

_TIME = re.compile(
    r"(?:bar|beat)s? *[0-9.]+|[0-9]{1,6}(?::[0-9.]{2,}){1,2}|[0-9.]+ *[a-z%]{0,7}|start",
    re.IGNORECASE,
)


def times_in_list(written: object) -> str | None:
    """The message about `[{0s: a castle}, {5s: a ship}]`; None for anything else."""
    if not isinstance(written, Sequence) or isinstance(written, str) or not written:
        return None
    pairs = [pair for item in written if isinstance(item, Mapping) for pair in item.items()]
    one_each = all(isinstance(item, Mapping) and len(item) == 1 for item in written)
    if not one_each or not all(_TIME.fullmatch(str(time)) for time, _ in pairs):
        return None
    shown = ", ".join(f"{time}: {_shown(value)}" for time, value in pairs)
    return (
        "times make a mapping here, not a list; remove the brackets or the dashes around them: "
        f"{{{shown}}}"
    )


def _shown(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    return f"{value:.10g}" if isinstance(value, int | float) else "..."

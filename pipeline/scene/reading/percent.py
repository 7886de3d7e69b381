"""Shares as an author writes them: `60%`, `12.5 %`."""

from __future__ import annotations

import re
from fractions import Fraction

PERCENT = r"([0-9]{1,3}(?:\.[0-9]{1,9})?) ?%"
"""Pattern of a percentage, whose first group is the number."""

_PERCENT = re.compile(PERCENT)


def read_percent(written: object) -> Fraction | None:
    """The exact share, from 0 to below 10; None for anything that is not a percentage."""
    share = _PERCENT.fullmatch(written.strip()) if isinstance(written, str) else None
    return None if share is None else Fraction(share[1]) / 100

"""The known word that a mistyped one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_WORD = 60
"""Characters of a word that is compared; a longer text is no mistyped word, and takes long."""


def nearest(word: str, known: Iterable[str], *, alike: float = 0.6) -> str:
    """The end of a message about an unknown `word`: ` (did you mean "zoom"?)`.

    Capital letters do not count. Empty when nothing known looks like it, which is to have a share
    of `alike` (0 to 1) of the letters in common: `difflib.SequenceMatcher.ratio`.
    """
    if len(word) > LONGEST_WORD:
        return ""
    by_lower_case = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), by_lower_case, n=1, cutoff=alike)
    return f' (did you mean "{by_lower_case[matches[0]]}"?)' if matches else ""

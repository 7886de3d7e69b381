"""Names by which folders are called: of shots, and of profiles."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from keyframes.mistakes import found

LONGEST = 60
"""Most characters of such a name."""

_FIRST = ("L", "N")
"""Kinds of characters that a name begins with: letters and digits, in any script."""
_OTHERS = (*_FIRST, "M")
"""Kinds of the others; marks, since many scripts write vowels as marks of the letter before."""
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")


def folder_name(value: Any) -> str:
    """The name that `value` is; ValueError where no folder could be called so on every system."""
    # One letter can be written in several ways, and some disks take them for the same.
    name = unicodedata.normalize("NFC", value) if isinstance(value, str) else ""
    if not _is_name(name):
        raise ValueError(
            f"expected a name of letters, digits, blanks, - and _, found {found(value)}"
        )
    if len(name) > LONGEST:
        raise ValueError(f"the name has {len(name)} characters; allowed: up to {LONGEST}")
    if _DEVICE.fullmatch(name.casefold()):
        raise ValueError(f"found {found(value)}, which is a device in Windows; write another name")
    return name


def _is_name(text: str) -> bool:
    kinds = [unicodedata.category(character)[0] for character in text]
    others = (kind in _OTHERS or one in " -_" for one, kind in zip(text, kinds, strict=True))
    return bool(text) and kinds[0] in _FIRST and all(others) and text == text.strip()

"""What a stranger's pickle asks for, before it is loaded."""

from __future__ import annotations

import io
import pickletools

_PLACES = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
"""Operations of a pickle that name a place of its memo."""


def check_memo(content: bytes) -> None:
    """Refuse a pickle that asks for memory by numbers in it, not by what it holds.

    Raises:
        ValueError: an operation's number is greater than the pickle's length, or it is damaged.
    """
    for operation, number, _ in pickletools.genops(io.BytesIO(content)):
        # Python makes room for all places of the memo up to the one that is named.
        if operation.name in _PLACES and int(number or 0) > len(content):
            raise ValueError(f"a place of the memo, {number}, that no such pickle has")

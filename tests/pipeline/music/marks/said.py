"""What the readers of files of beats and marks say of a bad one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FILE = Path("song.txt")
"""A file whose text is at hand."""


def said(read: Callable[[], object]) -> str:
    """The words of the error, without the name of the file in front of them."""
    with pytest.raises(ValueError) as error:
        read()
    name, _, message = str(error.value).partition('" ' if '" line' in str(error.value) else '": ')
    assert name.startswith('"')
    return message

"""JSON that somebody else may have written."""

from __future__ import annotations

import json
from typing import Any


def read_json(text: str | bytes) -> Any:
    """The data of a JSON text; ValueError if it is none, also where it is nested too deeply."""
    try:
        return _quickly_read(text)
    except ValueError:
        pass  # the slower reader says better what is wrong, and knows more encodings
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _quickly_read(text: str | bytes) -> Any:
    # Costs as much as many small texts, and a program that reads scenes has it anyway.
    from pydantic_core import from_json

    return from_json(text)

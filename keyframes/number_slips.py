"""Numbers as people write them elsewhere, `1,5` or `15deg`, and how they are written here."""

from __future__ import annotations

import re

_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DECIMAL_COMMA = re.compile(r"(?<![0-9.,])([-+]?[0-9]+),([0-9]+)(?![0-9.,])")
# Compiled when a number is wrong: large character classes take milliseconds, and most are right.
_GROUPED = r"[-+]?[0-9]{1,3}(?:[ _'’\u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]+)?"  # noqa: RUF001
_PERCENT = re.compile(rf"({_NUMBER})\s*%")
_UNIT = (
    rf"({_NUMBER})\s*(?:deg|degs|degrees?|°|px|pixels?|x|×|times|s|secs?|seconds?|ms|f|frames?"  # noqa: RUF001
    r"|steps?|bpm|fps|hz)"
)


def write_instead(value: object) -> str:
    """The end of a message about what is no number: `; write 1.5`, or nothing."""
    text = value.strip() if isinstance(value, str) else ""
    if comma := _DECIMAL_COMMA.fullmatch(text):
        if len(comma[2]) == 3 and comma[1].strip("+-") != "0":
            return f"; write {comma[1]}{comma[2]}, or {comma[1]}.{comma[2]} for a decimal point"
        return f"; write {comma[1]}.{comma[2]}"
    if re.fullmatch(_GROUPED, text):
        return f"; write {re.sub(r'[^-+.0-9]', '', text)}"
    if percent := _PERCENT.fullmatch(text):
        return f"; write {float(percent[1]) / 100:.10g}"
    if unit := re.fullmatch(_UNIT, text, re.IGNORECASE):
        return f"; write {unit[1]} alone, without a unit"
    return ""


def with_points(text: object) -> str:
    """The end of a message about a time or length with a decimal comma: `; write 1.5s`."""
    if not isinstance(text, str) or not _DECIMAL_COMMA.search(text):
        return ""
    return "; write " + _DECIMAL_COMMA.sub(r"\1.\2", text.strip())

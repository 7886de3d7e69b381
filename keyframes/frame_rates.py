"""Frame rates as people write them, exactly."""

from __future__ import annotations

import re
from fractions import Fraction

from keyframes.mistakes import found
from keyframes.number_slips import write_instead
from keyframes.tempo import TimeError

NTSC_RATES = tuple(Fraction(nominal * 1000, 1001) for nominal in (24, 30, 48, 60, 120))
"""Colour television's frame rates (SMPTE ST 12-1), which are written as 23.976, 29.97, 59.94 ..."""

_RATE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(?: */ *([0-9]{1,9}))?")


def parse_fps(value: str | float) -> Fraction:
    """The exact frame rate of 24, 12.5, "24" or "30000/1001"; 23.976, 29.97 and 59.94 are NTSC's.

    A decimal within 0.005 of one of `NTSC_RATES` means that rate. Raises TimeError.
    """
    match = None if isinstance(value, bool) else _RATE.fullmatch(str(value).strip())
    rate = Fraction(0)
    if match and not (match[2] and int(match[2]) == 0):
        rate = Fraction(match[1]) / int(match[2] or 1)
    if rate <= 0:
        raise TimeError(
            'a frame rate is a number above 0 such as 24 or 29.97, or a ratio such as "30000/1001";'
            f" found {found(value)}{write_instead(value)}"
        )
    near = [ntsc for ntsc in NTSC_RATES if abs(rate - ntsc) <= Fraction(5, 1000)]
    return near[0] if near else rate

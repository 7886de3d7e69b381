"""Dataclasses to JSON data and back, by annotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pytest

from pipeline.plain import from_plain, to_plain


@dataclass(frozen=True, slots=True)
class Lens:
    fov: float
    name: Literal["wide", "long"]


@dataclass(frozen=True, slots=True)
class Shot:
    lens: Lens
    size: tuple[int, int]
    pauses: tuple[tuple[float, float], ...]
    note: str | None
    is_last: bool


SHOT = Shot(Lens(40.0, "wide"), (96, 64), ((0.0, 1.0), (0.5, 2.0)), None, True)
DATA = {
    "lens": {"fov": 40.0, "name": "wide"},
    "size": [96, 64],
    "pauses": [[0.0, 1.0], [0.5, 2.0]],
    "note": None,
    "is_last": True,
}


def test_round_trip() -> None:
    assert to_plain(SHOT) == DATA
    assert from_plain(Shot, DATA) == SHOT


def test_numbers_are_written_as_annotated() -> None:
    written = to_plain(Lens(np.float64(40), "wide"))["fov"], to_plain(Lens(40, "wide"))["fov"]
    assert [repr(number) for number in written] == ["40.0", "40.0"]
    assert type(from_plain(Lens, {"fov": 40, "name": "wide"}).fov) is float


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size": [96]}, "size: expected a list of 2, found [96]"),
        ({"size": "ab"}, "size: expected a list, found 'ab'"),
        ({"size": [96, 64.5]}, "size[1]: expected an integer, found 64.5"),
        ({"pauses": [[0, 1], [0, True]]}, "pauses[1][1]: expected a number, found True"),
        ({"lens": {"fov": 1, "name": "x"}}, "lens.name: expected one of wide, long, found 'x'"),
        ({"lens": {"name": "wide"}}, "lens.fov: the field is missing"),
        ({"lens": 3}, "lens: expected a mapping, found 3"),
        ({"note": 3}, "note: expected a text, found 3"),
        ({"is_last": 1}, "is_last: expected a boolean, found 1"),
        ({"zoom": 1}, "zoom: the field is unknown"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        from_plain(Shot, DATA | change)
    assert str(caught.value) == words


def test_a_type_without_a_json_form_is_refused() -> None:
    @dataclass(frozen=True)
    class Odd:
        value: complex

    with pytest.raises(TypeError, match="no JSON form for <class 'complex'>"):
        to_plain(Odd(1j))

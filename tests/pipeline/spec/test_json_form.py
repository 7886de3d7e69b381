"""Dataclasses to JSON data and back, by annotation."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pytest

from pipeline.spec.json_form import from_json_data, to_json_data


@dataclass(frozen=True, slots=True)
class Lens:
    fov: float
    name: Literal["wide", "long"] = "wide"


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
AGAIN = "read and written again, "


def test_round_trip() -> None:
    assert json.dumps(to_json_data(SHOT, full=True)) == json.dumps(DATA)
    assert from_json_data(Shot, DATA) == SHOT


def test_defaults_are_left_out_and_filled_in() -> None:
    data = to_json_data(SHOT)
    assert data == DATA | {"lens": {"fov": 40.0}}
    assert from_json_data(Shot, data) == SHOT
    assert to_json_data(replace(SHOT, lens=Lens(40.0, "long")))["lens"]["name"] == "long"


def test_numbers_are_written_as_annotated() -> None:
    written = [to_json_data(Lens(fov))["fov"] for fov in (np.float64(40), 40, -0.0)]
    assert [repr(number) for number in written] == ["40.0", "40.0", "-0.0"]
    assert type(from_json_data(Lens, {"fov": 40, "name": "wide"}).fov) is float


def test_a_path_that_is_not_unicode_survives() -> None:
    data = DATA | {"note": "/music/\udcff.ogg"}
    shot = from_json_data(Shot, json.loads(json.dumps(data)))
    assert (shot.note, to_json_data(shot, full=True)) == ("/music/\udcff.ogg", data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size": [96]}, "size[1]: the field is missing"),
        ({"size": "ab"}, 'size: expected a valid tuple, found "ab"'),
        ({"size": [96, "64"]}, AGAIN + 'size[1] was "64", is now 64'),
        ({"pauses": [[0, 1], [0, True]]}, AGAIN + "pauses[1][1] was True, is now 1.0"),
        ({"lens": {"fov": 1, "name": "x"}}, "lens.name: expected 'wide' or 'long', found \"x\""),
        ({"lens": {"name": "wide"}}, "lens.fov: the field is missing"),
        ({"lens": 3}, "lens: expected a dictionary or an instance of Lens, found 3"),
        ({"note": 3}, "note: expected a valid string, found 3"),
        ({"is_last": 1}, AGAIN + "is_last was 1, is now True"),
        ({"zoom": 1}, AGAIN + "zoom was 1, is gone"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        from_json_data(Shot, DATA | change)
    assert str(caught.value) == words


def test_data_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the data: expected a dictionary .*, found \[\]$"):
        from_json_data(Shot, [])

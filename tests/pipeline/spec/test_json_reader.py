"""Many values from JSON data: those, and the words, of reading them one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.json_reader import JsonReader


@dataclass(frozen=True, slots=True)
class Lens:
    fov: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    number: int
    seconds: float
    data: dict[str, Any]
    lenses: tuple[Lens, ...] = ()
    lens: Lens | None = None
    name: str = ""


RECORD = Record(3, 0.5, {"a": [1, True, None]}, (Lens(40.0), Lens(50.0, 2)), Lens(30.0), "one")
DATA = to_json_data(RECORD)
WRONG: tuple[dict[str, Any], ...] = (
    {"number": 3.0},
    {"number": True},
    {"number": "3"},
    {"seconds": 1},
    {"seconds": float("nan")},
    {"seconds": float("inf")},
    {"seconds": True},
    {"data": []},
    {"data": None},
    {"name": None},
    {"lens": {"fov": 30}},
    {"lens": {"fov": 30.0, "count": 1.0}},
    {"lens": {"fov": 30.0, "count": True}},
    {"lens": {"fov": 30.0, "colour": "red"}},
    {"lens": None},
    {"lenses": [{"fov": 40.0}]},
    {"lenses": {}},
    {"colour": "red"},
)


def outcome(read: Any) -> Any:
    """What comes out, told apart also where it is equal, as 1 and true are."""
    try:
        return repr(read())
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("change", [{}, *WRONG], ids=str)
def test_it_reads_what_is_read_without_it_also_the_second_time(change: dict[str, Any]) -> None:
    reader = JsonReader(Record)
    assert reader.read(DATA) == RECORD
    data = {**DATA, **change}
    expected = outcome(lambda: from_json_data(Record, data))
    assert [outcome(lambda: reader.read(data)) for _ in range(3)] == [expected] * 3
    assert reader.read(DATA) == RECORD


@pytest.mark.parametrize("name", DATA)
def test_what_is_missing_is_a_default_or_named(name: str) -> None:
    reader = JsonReader(Record)
    reader.read(DATA)
    data = {key: value for key, value in DATA.items() if key != name}
    expected = outcome(lambda: from_json_data(Record, data))
    assert outcome(lambda: reader.read(data)) == expected


def test_the_same_part_of_many_is_one_value() -> None:
    reader = JsonReader(Record)
    first, second = reader.read(DATA), reader.read({**to_json_data(RECORD), "number": 4})
    assert second == replace(RECORD, number=4)
    assert second.lenses is first.lenses

"""A table of a plan in the forms in which it is handed on: for people, as CSV and as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING, Any

from pipeline.spec.step_schedule import StepSchedule

if TYPE_CHECKING:
    from pipeline.plan.frame_values import Value
    from pipeline.plan.table import Table


def table_lines(table: Table) -> Iterator[str]:
    """Aligned columns under their names; numbers stand to the right, words to the left."""
    from pipeline.plan.frame_values import value_words

    columns = [
        _aligned(name, [value_words(value) for value in values], _are_numbers(values))
        for name, values in zip(table.columns, zip(*table.rows, strict=True), strict=True)
    ]
    for cells in zip(*columns, strict=True):
        yield "  ".join(cells).rstrip()


def _are_numbers(values: tuple[Value, ...]) -> bool:
    return all(isinstance(value, int | float | StepSchedule | None) for value in values)


def _aligned(name: str, words: list[str], right: bool) -> list[str]:
    width = max(map(len, (name, *words)))
    return [f"{cell:>{width}}" if right else f"{cell:<{width}}" for cell in (name, *words)]


def table_csv(table: Table) -> str:
    """Comma-separated values below their names; empty where there is no value."""
    from pipeline.plan.frame_values import value_words

    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow("" if one is None else _exact(one) or value_words(one) for one in row)
    return text.getvalue()


def _exact(value: Value) -> str:
    """A number with all of its digits; "" for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else ""


def table_json(table: Table) -> str:
    """A list of rows, each an object with the names of the columns; one row a line."""
    rows = (
        json.dumps(
            {name: _data(one) for name, one in zip(table.columns, row, strict=True)},
            ensure_ascii=False,
        )
        for row in table.rows
    )
    return "[\n" + ",\n".join(rows) + "\n]\n"


def _data(value: Value) -> Any:
    """A value as JSON data: prompts as mappings, numbers over the denoising as pairs."""
    if isinstance(value, StepSchedule):
        return value.steps[0][1] if value.is_constant else [list(step) for step in value.steps]
    if isinstance(value, tuple):
        return [
            {"image" if prompt.image else "text": prompt.text, "weight": prompt.weight}
            for prompt in value
        ]
    return value

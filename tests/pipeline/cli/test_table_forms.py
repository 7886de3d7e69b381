"""A table for people, for spreadsheets and for programs."""

from __future__ import annotations

import csv
import json
from io import StringIO

from keyframes.prompts import Prompt
from pipeline.cli.table_forms import table_csv, table_json, table_lines
from pipeline.plan.table import Table
from pipeline.spec.step_schedule import StepSchedule

TABLE = Table(
    ("frame", "time", "camera.zoom", "cuts", "prompts"),
    (
        (0, "0:00", None, StepSchedule.constant(4), (Prompt('a "castle", old', 1.0),)),
        (
            10,
            "0:00.42",
            1 / 3,
            StepSchedule(((0.0, 12.0), (0.4, 4.0))),
            (Prompt("sea", 0.75), Prompt("like.png", 0.25, image=True)),
        ),
    ),
)


def test_for_people_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    assert list(table_lines(TABLE)) == [
        "frame  time     camera.zoom              cuts  prompts",
        '    0  0:00               -                 4  a "castle", old',
        "   10  0:00.42     0.333333  {0%: 12, 40%: 4}  0.75 sea + 0.25 picture like.png",
    ]


def test_comma_separated_numbers_have_all_their_digits() -> None:
    head, first, second = csv.reader(StringIO(table_csv(TABLE)))
    assert head == list(TABLE.columns)
    assert first == ["0", "0:00", "", "4", 'a "castle", old']
    assert float(second[2]) == 1 / 3 and second[3] == "{0%: 12, 40%: 4}"


def test_json_has_prompts_and_schedules_in_parts() -> None:
    first, second = json.loads(table_json(TABLE))
    assert first["camera.zoom"] is None and first["cuts"] == 4
    assert second["cuts"] == [[0.0, 12.0], [0.4, 4.0]] and second["camera.zoom"] == 1 / 3
    assert second["prompts"] == [
        {"text": "sea", "weight": 0.75},
        {"image": "like.png", "weight": 0.25},
    ]

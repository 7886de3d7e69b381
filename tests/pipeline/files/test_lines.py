"""Lines end where YAML ends them."""

from __future__ import annotations

import pytest
import yaml

from pipeline.files.lines import line_and_column, line_starts, lines_of

TEXT = "a\r\nb\rc\x85d\u2028e\u2029f\n"


def test_lines() -> None:
    assert lines_of(TEXT) == ["a", "b", "c", "d", "e", "f", ""]
    assert lines_of("") == [""]


@pytest.mark.parametrize("index", range(len(TEXT)))
def test_places_are_those_of_the_reader(index: int) -> None:
    reader = yaml.reader.Reader(TEXT)
    reader.forward(index)
    mark = reader.get_mark()
    # Between the two characters of one end the reader is in no line.
    if TEXT[index - 1 : index + 1] != "\r\n":
        assert line_and_column(line_starts(TEXT), index) == (mark.line + 1, mark.column + 1)


def test_a_line_begins_behind_the_end_of_the_one_before() -> None:
    assert [TEXT[start : start + 1] for start in line_starts(TEXT)] == [*"abcdef", ""]

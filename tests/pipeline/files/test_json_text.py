"""JSON of strangers."""

from __future__ import annotations

import pytest

from pipeline.files.json_text import read_json


def test_data_is_read_from_text_and_bytes() -> None:
    assert read_json('{"a": [1, null]}') == read_json(b'{"a": [1, null]}') == {"a": [1, None]}


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 200_000, '{"a":' * 200_000])
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        read_json(text)

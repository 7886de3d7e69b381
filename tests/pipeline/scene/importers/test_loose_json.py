"""Settings that are JSON, nearly JSON, and no settings at all."""

from __future__ import annotations

from math import isnan

import pytest

from pipeline.scene.importers.loose_json import read_settings


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "b": [true, null], "c": "x"}',
        '{"a": 1, "b": [true, null,], "c": "x",}',
        "{'a': 1, 'b': [True, None], 'c': 'x'}",
        '// by hand\n{"a": 1, # one\n "b": [true, null] /* , "d": 2 */, "c": "x"}',
        '{a: 1 "b": [true null] c: "x"}',
        '\ufeff{"a": +1, "b": [true, null], "c": "\\u0078"}',
    ],
)
def test_all_of_these_say_one_thing(text: str) -> None:
    read = read_settings(text)
    assert (read.data, read.repeated) == ({"a": 1, "b": [True, None], "c": "x"}, ())


def test_of_two_keys_the_last_holds_and_is_told() -> None:
    for text in ('{"a": 1, "a": 2}', '{"a": 1, "a": 2,}'):
        read = read_settings(text)
        assert read.data == {"a": 2} and set(read.repeated) == {"a"}


def test_numbers_that_are_none() -> None:
    assert isnan(read_settings('{"a": NaN,}').data["a"])
    assert read_settings("{'a': -Infinity, 'b': 1e3}").data == {"a": float("-inf"), "b": 1000.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a value, found the end"),
        ("hello", 'line 1 column 1: expected a value, found "hello"'),
        ('{"a": }', 'line 1 column 7: expected a value, found "}"'),
        ('{"a": 1', 'line 1 column 8: expected a key or "}", found the end'),
        ('{"a" 1}', 'expected ":" behind the key, found'),
        ('{\n "a": "x\n}', "line 2 column 7: expected a value"),
        ("[1, 2]", "this holds no settings"),
        ("12", "this holds no settings"),
        ("[" * 5000, "nested more than 40 deep"),
        ('{"a":' * 100 + "1" + "}" * 100, "nested more than 40 deep"),
        ('{"a": 1} {', "expected the end"),
    ],
)
def test_what_holds_no_settings_says_where(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_settings(text)
    assert message in str(caught.value)

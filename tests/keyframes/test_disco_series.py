from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.disco_series import looks_like_series, parse_series
from keyframes.mistakes import Located, NotationError

EXAMPLE = '; numbers at frames are written as "0: (1.0), 50: (1.2)"'


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("0: (1.0), 50: (1.2)", [(0, 1.0), (50, 1.2)]),
        ("10:(1),20:(-2.5)", [(10, 1.0), (20, -2.5)]),
        (" 0 : ( + .5 ) ,\n 7\t:\n(\n- 1e-3) ", [(0, 0.5), (7, -0.001)]),
        ("20: (2), 0: (1.)", [(20, 2.0), (0, 1.0)]),
    ],
)
def test_reads(text: str, keys: list[tuple[int, float]]) -> None:
    assert [(key.frame, key.value) for key in parse_series(text)] == keys


def test_columns_are_those_of_the_items() -> None:
    text = "  0: (1),   12: (2)"
    assert [text[key.column :] for key in parse_series(text)] == [text[2:], "12: (2)"]


numbers = st.floats(-1e6, 1e6)
blanks = st.sampled_from(["", " ", "  ", "\n"])


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), numbers), min_size=1, max_size=8), blanks, blanks)
def test_reads_what_is_printed(keys: list[tuple[int, float]], one: str, other: str) -> None:
    items = (f"{one}{frame}{other}:{one}({other}{value!r}{one}){other}" for frame, value in keys)
    assert [(key.frame, key.value) for key in parse_series(",".join(items))] == keys


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 0, f"expected a frame number, found the end{EXAMPLE}"),
        ("0: (1), ", 6, 'remove the "," at the end'),
        ("0: (1),, 5: (2)", 7, f'expected a frame number, found ", 5: (2)"{EXAMPLE}'),
        ("-5: (2)", 0, f'expected a frame number, found "-5: (2)"{EXAMPLE}'),
        ("0: (1), 2.5: (2)", 8, f'expected a frame number, found "2.5: (2)"{EXAMPLE}'),
        ("0 (1)", 2, f'expected ":", found "(1)"{EXAMPLE}'),
        ("1:30", 2, f'expected "(", found "30"{EXAMPLE}'),
        ("0: (big)", 4, f'expected a number, found "big)"{EXAMPLE}'),
        (
            "0: (0.5 * sin(frame / 24))",
            4,
            'write a formula alone, without frames before it: "0.5 * sin(frame / 24)"',
        ),
        ("0: (1", 5, f'expected ")", found the end{EXAMPLE}'),
        ("0: (1) 5: [2]", 7, f'expected ",", found "5: [2]"{EXAMPLE}'),
        ("0: (1); 5: (2)", 6, f'expected ",", found "; 5: (2)"{EXAMPLE}'),
        ("0: (1), 3: (1e999)", 8, "the value 1e999 is too large"),
    ],
)
def test_nothing_is_skipped(text: str, column: int, message: str) -> None:
    with pytest.raises(NotationError) as error:
        parse_series(text)
    assert error.value.problems == (Located((), message, column),)


def test_a_colon_tells_a_series_from_a_formula() -> None:
    assert looks_like_series("0: (1)")
    assert not looks_like_series("1 + 0.04 * low")


def test_a_long_series_is_read_in_a_moment() -> None:
    text = ", ".join(f"{frame}: ({frame % 7})" for frame in range(20_000))
    start = process_time()
    assert len(parse_series(text)) == 20_000
    assert process_time() - start < 1

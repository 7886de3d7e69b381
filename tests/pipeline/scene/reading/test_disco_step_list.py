"""Disco's lists of a thousand values: what they mean, and where a mistake in them is."""

from __future__ import annotations

from itertools import accumulate

import pytest

from keyframes.mistakes import NotationError
from pipeline.diffusion.schedule import linear_schedule
from pipeline.scene.reading.disco_step_list import parse_step_list, to_schedule

READ = {
    "[12]*400+[4]*600": ((0.0, 12.0), (0.4, 4.0)),
    " [ 12 ] * 400\t+ 600*[4.5,] ": ((0.0, 12.0), (0.4, 4.5)),
    "[12]*400+600*[4]": ((0.0, 12.0), (0.4, 4.0)),
    "[1]*1000": ((0.0, 1.0),),
    "[0.2]*400+[0.2]*100+[0]*500": ((0.0, 0.2), (0.5, 0.0)),
    "[3]*998+[1,2]": ((0.0, 3.0), (0.998, 1.0), (0.999, 2.0)),
    "[5]*0+[6]*1000": ((0.0, 6.0),),
}


@pytest.mark.parametrize(("text", "steps"), READ.items())
def test_lists_become_steps(text: str, steps: tuple[tuple[float, float], ...]) -> None:
    assert to_schedule(parse_step_list(text)).steps == steps


def test_a_list_of_several_numbers_goes_round() -> None:
    steps = to_schedule(parse_step_list("[-1, +2e1, .5]*333 + [7]")).steps
    assert steps[:4] == ((0.0, -1.0), (0.001, 20.0), (0.002, 0.5), (0.003, -1.0))
    assert steps[-1] == (0.999, 7.0)


def test_each_timestep_has_the_value_that_disco_gives_it() -> None:
    """Which takes the entry 999 - t: not the one beside it, as rounding would at some places."""
    schedule = linear_schedule()
    lengths = [*range(1, 44), 54]
    assert sum(lengths) == 1000
    text = "+".join(f"[{end}]*{n}" for end, n in zip(accumulate(lengths), lengths, strict=True))
    entries = [end for end, n in zip(accumulate(lengths), lengths, strict=True) for _ in range(n)]
    value = to_schedule(parse_step_list(text))
    assert [value(schedule.progress(t)) for t in range(1000)] == entries[::-1]


LISTS = 'lists of numbers are written as "[12]*400+[4]*600"'
MISTAKES = {
    "[12]*400+[4*600": (11, f'expected "," or "]", found "*600"; {LISTS}'),
    "[12]*400-[4]*600": (8, f'expected "+", "*" or the end, found "-[4]*600"; {LISTS}'),
    "[12]*[4]": (
        5,
        f'expected a whole number, how often the list is repeated, found "[4]"; {LISTS}',
    ),
    "[12]*4.5": (
        5,
        f'expected a whole number, how often the list is repeated, found "4.5"; {LISTS}',
    ),
    "[twelve]*1000": (1, f'expected a number, found "twelve]*1000"; {LISTS}'),
    "[]*1000": (1, f'expected a number, found "]*1000"; {LISTS}'),
    "[12]*400+": (9, f'expected "[", found the end; {LISTS}'),
    "400[12]": (3, f'expected "*", found "[12]"; {LISTS}'),
    "[x for x in [1]]": (1, f'expected a number, found "x for x in [1]]"; {LISTS}'),
    '__import__("os")[0]': (0, f'expected "[", found "__import__("os")[0]"; {LISTS}'),
    "[12]*400+[4]*500": (
        0,
        'these are 900 values; write 1000, one for each timestep, such as "[12]*400+[4]*600"',
    ),
    "[1]*999999999999": (
        0,
        "these are 999999999999 values; write 1000, one for each timestep, such as"
        ' "[12]*400+[4]*600"',
    ),
}


@pytest.mark.parametrize(("text", "problem"), MISTAKES.items())
def test_a_mistake_is_told_with_its_column(text: str, problem: tuple[int, str]) -> None:
    with pytest.raises(NotationError) as caught:
        parse_step_list(text)
    (located,) = caught.value.problems
    assert (located.column, located.message) == problem

from __future__ import annotations

import pytest

from keyframes.listed_times import times_in_list


@pytest.mark.parametrize(
    ("written", "mapping"),
    [
        ([{"0s": "a castle"}, {"5s": "a ship"}], "{0s: a castle, 5s: a ship}"),
        ([{0: 1}, {"bar 5": 1.25}], "{0: 1, bar 5: 1.25}"),
        ([{"1:30": "fog, rain"}, {"beat 3": [1]}], '{1:30: "fog, rain", beat 3: ...}'),
        ([{"0%": 12}, {"40%": 4}], "{0%: 12, 40%: 4}"),
    ],
)
def test_a_list_of_times_is_shown_as_a_mapping(written: object, mapping: str) -> None:
    assert times_in_list(written) == (
        "times make a mapping here, not a list; remove the brackets or the dashes around them: "
        f"{mapping}"
    )


@pytest.mark.parametrize(
    "written",
    [[], "0s", None, ["a castle"], [{"text": "a"}], [{"0s": 1, "1s": 2}], [{"0s": 1}, "a"], {0: 1}],
)
def test_other_lists_are_not_meant(written: object) -> None:
    assert times_in_list(written) is None

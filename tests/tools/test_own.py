"""What the judge says of the painter's own pictures of what a gate asks."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tools.judge import own, stills
from tools.judge.own import attributes_of, paintings
from tools.judge.stills import GATES, Gate, Wish
from tools.world.attributes import NONE, Attributes
from tools.world.editions import SECOND, SHIPPED

RED_SHIP = Wish("a red ship", {"subject": "ship", "ground": "sea", "subject_colour": "red"})


def test_what_is_asked_is_painted_and_nothing_that_has_to_be_named() -> None:
    drawn = [attributes_of(RED_SHIP, SECOND, seed) for seed in range(40)]
    assert {(one.subject, one.ground, one.subject_colour) for one in drawn} == {
        ("ship", "sea", "red")
    }
    assert {(one.scheme, one.ground_colour, one.weather, one.style) for one in drawn} == {
        (NONE,) * 4
    }
    assert len({one.time for one in drawn}) > 3


def test_space_has_no_hour() -> None:
    nebula = Wish("a purple nebula", {"subject": NONE, "ground": "space"})
    drawn = [attributes_of(nebula, SECOND, seed) for seed in range(20)]
    assert {(one.time, one.weather) for one in drawn} == {("night", NONE)}


def test_each_prompt_is_painted_as_often_in_the_editions_size() -> None:
    asked = [RED_SHIP, Wish("a city", {"subject": NONE, "ground": "city"})]
    painted = list(paintings(asked, SECOND, 2))
    assert [wish for wish, _ in painted] == [RED_SHIP, RED_SHIP, asked[1], asked[1]]
    assert {tuple(picture.shape) for _, picture in painted} == {(1, 3, 96, 144)}
    assert not torch.equal(painted[0][1], painted[1][1])


class SeesRed:
    """Sees a red castle by the sea in everything."""

    heads = ("subject", "ground", "subject_colour")

    def verdict(self, picture: Tensor) -> Attributes:
        return Attributes("castle", "sea", subject_colour="red")


def test_it_prints_the_count_and_what_the_judge_does_not_tell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wishes = [RED_SHIP, Wish("a red castle", {"subject": "castle", "subject_colour": "red"})]
    gate = Gate(GATES[SHIPPED].prompts, ())
    monkeypatch.setitem(stills.GATES, SHIPPED, gate)  # type: ignore[misc]
    monkeypatch.setattr(Gate, "lists", lambda _self: {"prompts": wishes})
    monkeypatch.setattr(own, "load_judge", lambda _path: SeesRed())
    own.main(["--count", "2"])
    assert capsys.readouterr().out.splitlines() == [
        "prompts: subject 0.500 (2 of 4), ground 1.000 (2 of 2), subject_colour 1.000 (4 of 4)",
        "  a red ship: subject 0.000 (0 of 2)",
    ]

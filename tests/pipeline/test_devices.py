from __future__ import annotations

import pytest
import torch

from pipeline.devices import pick_device
from pipeline.errors import Error


@pytest.mark.parametrize(
    ("name", "available", "picked"),
    [
        ("cpu", False, "cpu"),
        ("cpu", True, "cpu"),
        ("auto", False, "cpu"),
        ("auto", True, "cuda"),
        ("cuda", True, "cuda"),
    ],
)
def test_the_device_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, name: str, available: bool, picked: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: available)
    assert pick_device(name) == torch.device(picked)


def test_a_card_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(Error) as caught:
        pick_device("cuda")
    assert str(caught.value) == (
        "--device cuda: torch finds no CUDA device here; use --device cpu, or install a driver "
        "and a build of torch that fit your card"
    )

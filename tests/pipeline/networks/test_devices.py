from __future__ import annotations

import pytest
import torch

from pipeline.errors import Error
from pipeline.networks.devices import pick_device, pick_dtype
from pipeline.spec.sources import Precision


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


@pytest.mark.parametrize(
    ("precision", "device", "has_bfloat16", "dtype"),
    [
        ("auto", "cpu", False, torch.float32),
        ("auto", "cuda", True, torch.bfloat16),
        ("auto", "cuda", False, torch.float16),
        ("fp32", "cuda", True, torch.float32),
        ("bf16", "cpu", False, torch.bfloat16),
        ("fp16", "cuda", True, torch.float16),
    ],
)
def test_the_precision_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    precision: Precision,
    device: str,
    has_bfloat16: bool,
    dtype: torch.dtype,
) -> None:
    monkeypatch.setattr(
        torch.cuda,
        "is_bf16_supported",
        # As torch has it: what it emulates counts unless it is told otherwise.
        lambda including_emulation=True: including_emulation or has_bfloat16,
    )
    assert pick_dtype(precision, torch.device(device)) == dtype

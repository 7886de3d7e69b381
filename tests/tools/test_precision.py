"""In what a training computes: bfloat16 only where the machine does not have to imitate it."""

import pytest
import torch

from tools.train.precision import mixed_precision

CPU = torch.device("cpu")


def product() -> torch.Tensor:
    with mixed_precision(CPU):
        return torch.ones(2, 2) @ torch.ones(2, 2)


@pytest.mark.parametrize(
    ("capabilities", "dtype"),
    [
        ({"avx512_f": True, "avx512_bf16": True}, torch.bfloat16),
        ({"avx512_f": True, "avx512_bf16": False}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_that_a_cpu_computes_in_bfloat16_where_it_is_fast(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert product().dtype == dtype


def test_that_a_gpu_computes_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {})
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(torch, "autocast", lambda kind, **options: asked.append(options))
    mixed_precision(torch.device("cuda"))
    assert asked == [{"dtype": torch.bfloat16, "enabled": True}]

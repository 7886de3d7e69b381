"""In what a training computes: bfloat16 only where the machine does not have to imitate it."""

import pytest
import torch

from tools.train.precision import mixed_precision

CPU = torch.device("cpu")


def product() -> torch.Tensor:
    with mixed_precision(CPU):
        return torch.ones(2, 2) @ torch.ones(2, 2)


@pytest.mark.parametrize(
    ("capability", "dtype"),
    [("AVX512", torch.bfloat16), ("AVX2", torch.float32), ("DEFAULT", torch.float32)],
)
def test_that_a_cpu_computes_in_bfloat16_where_it_is_fast(
    monkeypatch: pytest.MonkeyPatch, capability: str, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    assert product().dtype == dtype


def test_that_a_gpu_computes_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX2")
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(torch, "autocast", lambda kind, **options: asked.append(options))
    mixed_precision(torch.device("cuda"))
    assert asked == [{"dtype": torch.bfloat16, "enabled": True}]

"""What torch computes on, as renders write it down."""

from __future__ import annotations

import torch

from pipeline.networks.platform import platform_of
from pipeline.spec.platform import Platform


def test_a_processor_is_told_with_its_threads() -> None:
    found = platform_of(torch.device("cpu"))
    assert found.threads == torch.get_num_threads()
    assert found.device.endswith(f"torch {torch.__version__}")
    assert torch.backends.cpu.get_cpu_capability() in found.device
    assert found == platform_of(torch.device("cpu"))


def test_threads_are_a_processor_s() -> None:
    assert str(Platform("H200", 0)) == "H200"
    assert str(Platform("Xeon", 1)) == "Xeon, 1 thread"
    assert str(Platform("Xeon", 4)) == "Xeon, 4 threads"

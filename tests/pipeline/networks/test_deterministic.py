"""Graphics cards that are told to be exact: what torch is told, and what platforms say of it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import torch

from pipeline.networks.deterministic import compute_exactly
from pipeline.networks.platform import platform_of
from pipeline.spec.platform import Platform

CARD = torch.device("cuda")


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is told to torch and to the environment is taken back."""
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA H200")
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    cudnn = torch.backends.cudnn
    before = cudnn.deterministic, cudnn.benchmark
    yield
    torch.use_deterministic_algorithms(False)
    cudnn.deterministic, cudnn.benchmark = before


def test_a_card_is_told_and_says_so() -> None:
    assert not platform_of(CARD).deterministic
    compute_exactly(CARD)
    assert torch.are_deterministic_algorithms_enabled()
    assert torch.backends.cudnn.deterministic and not torch.backends.cudnn.benchmark
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    found = platform_of(CARD)
    assert str(found) == f"NVIDIA H200, torch {torch.__version__}, deterministic"
    assert found.is_exact and not found.machine.is_exact


def test_a_workspace_that_is_exact_too_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    compute_exactly(CARD)
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":16:8"


def test_a_processor_is_exact_without_a_word() -> None:
    processor = torch.device("cpu")
    before = platform_of(processor)
    compute_exactly(processor)
    assert not torch.are_deterministic_algorithms_enabled()
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ""
    assert platform_of(processor) == before == before.machine and before.is_exact


def test_platforms_differ_by_what_they_were_told() -> None:
    assert Platform("H200", deterministic=True) != Platform("H200")
    assert Platform("H200", deterministic=True).machine == Platform("H200")

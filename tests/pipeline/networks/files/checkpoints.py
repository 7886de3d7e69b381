"""Weights for checkpoints of tests, and the older way of saving them."""

from __future__ import annotations

from pathlib import Path

import torch

WEIGHTS = {"a.weight": torch.tensor([0.5, -1.25]), "b.count": torch.tensor(7)}


def save_legacy(content: object, path: Path) -> None:
    """As PyTorch saved before 1.6."""
    torch.save(content, path, _use_new_zipfile_serialization=False)

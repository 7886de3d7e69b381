"""The platform that torch computes on here."""

from __future__ import annotations

import platform
from pathlib import Path

import torch

from pipeline.spec.platform import Platform


def platform_of(device: torch.device) -> Platform:
    """What `device` computes on, with as many threads, and as exactly, as torch does now."""
    release = f"torch {torch.__version__}"
    if device.type == "cuda":
        exact = torch.are_deterministic_algorithms_enabled()
        return Platform(f"{torch.cuda.get_device_name(device)}, {release}", deterministic=exact)
    instructions = torch.backends.cpu.get_cpu_capability()
    return Platform(f"{_processor()}, {instructions}, {release}", torch.get_num_threads())


def _processor() -> str:
    """The processor's name, as exactly as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()

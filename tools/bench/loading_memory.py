"""How much memory it takes to load a large network: `python -m tools.bench.loading_memory`.

A guided-diffusion network of full width gets seeded weights, which are saved in each format and
precision and loaded by a new process each. Printed are the megabytes that loading adds at its
peak, as the operating system counts them (Linux's VmHWM), and what stays. A MB is a million bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from pipeline.catalogue.guided_config import CONFIGURATIONS
from pipeline.networks.denoisers.guided_diffusion import load_guided_diffusion
from pipeline.networks.denoisers.guided_unet import GuidedUNet

DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
FORMATS: Mapping[str, Callable[[Any, Path], None]] = {".pt": torch.save, ".safetensors": save_file}
CASES = (("fp32", "fp32"), ("fp16", "fp32"), ("fp16", "fp16"), ("fp32", "bf16"))
"""Pairs of dtypes: of the weights in the file, and of the network that computes with them."""


def seeded_weights(config: str, dtype: torch.dtype) -> dict[str, Tensor]:
    """Small random weights under the names of the network `config`."""
    with torch.device("meta"):
        expected = GuidedUNet(CONFIGURATIONS[config]).state_dict()
    generator = torch.Generator().manual_seed(0)
    return {
        name: (0.02 * torch.randn(value.shape, generator=generator)).to(dtype)
        for name, value in expected.items()
    }


def memory(key: str) -> float:
    """Memory of this process in MB: resident now (`VmRSS`), or at its peak (`VmHWM`)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (found,) = (line for line in lines if line.startswith(f"{key}:"))
    return int(found.split()[1]) * 1024 / 1e6


def measure(weights: Path, config: str, dtype: str) -> None:
    """Load, and print what that added: at most, and in the end."""
    # The highest mark so far is that of starting up.
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    network = load_guided_diffusion(
        weights, CONFIGURATIONS[config], torch.device("cpu"), DTYPES[dtype]
    )
    print(f"{memory('VmHWM') - before:8.0f} {memory('VmRSS') - before:8.0f}")
    del network


def main() -> None:
    """Print a line for each format and each pair of precisions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", default="512-finetune", help=", ".join(CONFIGURATIONS))
    parser.add_argument("--file", type=Path, help="measure this one only, in this process")
    parser.add_argument("--dtype", default="fp32", help=", ".join(DTYPES))
    options = parser.parse_args()
    if options.file is not None:
        measure(options.file, options.config, options.dtype)
        return
    print(f"{'file':<17} {'in':<5} {'peak MB':>8} {'stays MB':>8}")
    for stored, dtype in CASES:
        for suffix, save in FORMATS.items():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"network{suffix}"
                save(seeded_weights(options.config, DTYPES[stored]), path)
                command = [sys.executable, "-m", "tools.bench.loading_memory", "--file", str(path)]
                extra = ["--config", options.config, "--dtype", dtype]
                print(f"{suffix:<12} {stored} {dtype:<5}", end=" ", flush=True)
                subprocess.run([*command, *extra], check=True)


if __name__ == "__main__":
    main()

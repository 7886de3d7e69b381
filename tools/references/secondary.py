"""Expected outputs of the secondary model, from the reference itself.

    python -m tools.references.secondary DISCO OUT

DISCO is the disco.py of Disco Diffusion (github.com/alembics/disco-diffusion), a notebook that
cannot be imported: of it only the definitions below are taken. OUT is the folder of the outputs.
"""

from __future__ import annotations

import argparse
import ast
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tools.references.seeded import save_summaries, seeded_noise, seeded_state, summary

FILE = "secondary.npz"
SIZE = (32, 64)
"""Height and width of the pictures."""
ALPHAS = (0.9, 0.1)
"""One noise level a picture."""

_DEFINITIONS = frozenset(
    {
        "append_dims",
        "expand_to_planes",
        "alpha_sigma_to_t",
        "t_to_alpha_sigma",
        "DiffusionOutput",
        "ConvBlock",
        "SkipBlock",
        "FourierFeatures",
        "SecondaryDiffusionImageNet2",
    }
)


def pictures() -> Tensor:
    """The noised pictures, `(N, 3, H, W)`."""
    return seeded_noise("pictures", (len(ALPHAS), 3, *SIZE))


def levels() -> tuple[Tensor, Tensor]:
    """Noise levels `(alpha, sigma)`, `(N,)` each."""
    alpha = torch.tensor(ALPHAS)
    return alpha, (1 - alpha.square()).sqrt()


def _reference(disco: Path) -> dict[str, Any]:
    """The definitions of the reference, by name."""
    tree = ast.parse(disco.read_text(encoding="utf-8"))
    tree.body = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in _DEFINITIONS
    ]
    names: dict[str, Any] = {
        "torch": torch,
        "nn": nn,
        "math": math,
        "partial": partial,
        "dataclass": dataclass,
        "__name__": "reference",
    }
    exec(compile(tree, str(disco), "exec"), names)
    return names


def _estimates(reference: dict[str, Any]) -> dict[str, np.ndarray]:
    """The estimate of x_0, and its gradient."""
    network = reference["SecondaryDiffusionImageNet2"]()
    network.load_state_dict(seeded_state(network.state_dict()))
    x = pictures().requires_grad_()
    denoised = network(x, reference["alpha_sigma_to_t"](*levels())).pred
    direction = seeded_noise("direction", denoised.shape)
    (gradient,) = torch.autograd.grad((denoised * direction).sum(), x)
    return {**summary("denoised", denoised), **summary("gradient", gradient)}


def main() -> None:
    """Run the reference and write what it gives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("disco", type=Path, help="disco.py")
    parser.add_argument("out", type=Path, help="the folder of the expected outputs")
    options = parser.parse_args()
    save_summaries(options.out / FILE, [_estimates(_reference(options.disco))])


if __name__ == "__main__":
    main()

"""How often the judge is right: `python -m tools.judge.check [--judge FILE]`.

Prints the share of held-out paintings whose attribute it names, clean, blurred and noisy, and how
often it sees no subject where everything is blurred beyond recognition.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from pipeline.diffusion.image import to_tensor
from tools.judge.network import WEIGHTS, Judge, load_judge
from tools.train.judge import NO_SUBJECT, SUBJECT, ruin_some
from tools.train.zero_shot import DAMAGES
from tools.world.attributes import ATTRIBUTES, encode
from tools.world.held_out import held_out, held_out_parser


def accuracies(judge: Judge, pictures: Tensor, codes: Tensor) -> dict[str, float]:
    """For each attribute, the share of pictures `(N, 3, H, W)` where it is right."""
    with torch.no_grad():
        logits = judge(pictures)
    return {
        name: float((values.argmax(1) == codes[:, list(ATTRIBUTES).index(name)]).float().mean())
        for name, values in logits.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = held_out_parser(__doc__, 1000)
    parser.add_argument("--judge", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    judge, (_, paintings) = load_judge(options.judge), held_out(options)
    pictures = torch.cat([to_tensor(painting.picture) for painting in paintings])
    codes = torch.from_numpy(np.stack([encode(p.attributes) for p in paintings])).long()
    generator = torch.Generator().manual_seed(0)
    for label, damage in DAMAGES.items():
        shares = accuracies(judge, damage(pictures, generator), codes)
        row = "  ".join(f"{name} {share:.3f}" for name, share in shares.items())
        print(f"{label:>10}: {row}", flush=True)
    ruined, _ = ruin_some(pictures, codes, generator, share=1.0)
    with torch.no_grad():
        none = judge(ruined)[list(ATTRIBUTES)[SUBJECT]].argmax(1) == NO_SUBJECT
    print(f"no subject seen in {none.float().mean():.3f} of the pictures beyond recognition")


if __name__ == "__main__":
    main()

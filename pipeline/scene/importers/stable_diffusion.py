"""The network that paints what was made with Stable Diffusion."""

from __future__ import annotations

import re

from pipeline.scene.importers.draft import Draft

MULTIPLE = 8
"""What the sides of a picture are multiples of: latents have an eighth of them."""
_PUBLISHED = re.compile(r"v1-5-pruned|sd-?v?1-?5\b|sd_xl_base_1\.0", re.IGNORECASE)


def put_stable_diffusion(draft: Draft, name: str = "", checkpoint: str = "") -> None:
    """Write the preset of the family of a checkpoint, and tell where another one paints.

    `name` is that of the setting that has the checkpoint; without one it is the first of all,
    Stable Diffusion 1.5.
    """
    preset = "sdxl" if "xl" in checkpoint.lower() else "sd15"
    draft.put(
        "models.preset",
        preset,
        f"fetch it with: discoreel models pull --preset {preset}; or starter",
    )
    if checkpoint and not _PUBLISHED.match(checkpoint):
        draft.differs(
            name,
            f'"{checkpoint[:60]}" is a file of its own, and {preset} paints; denoiser: FILE below '
            "models names it",
        )

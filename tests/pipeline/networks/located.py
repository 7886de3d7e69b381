"""Tiny networks in files, as a render locates them."""

from __future__ import annotations

from pathlib import Path

from pipeline.catalogue.located import DepthFiles, LocatedNetworks, NetworkFiles
from pipeline.networks.depth.folder import DepthNetwork
from tests.pipeline.networks.tiny import save_denoiser, save_depth, save_word_clip, unet


def networks(folder: Path, prompt_size: int | None = 24) -> LocatedNetworks:
    """Tiny models; the encoder's embeddings have 24 numbers."""
    options = {} if prompt_size is None else {"class_embed_type": "identity"}
    network = unet(time_embedding_dim=prompt_size or 24, **options)
    extras = {} if prompt_size is None else {"prompt": {"scale": 4.0}}
    encoder = NetworkFiles(save_word_clip(folder / "e"))
    return LocatedNetworks(
        denoiser=NetworkFiles(save_denoiser(folder / "d", network, extras=extras)),
        encoders={"own": encoder},
        prompt_encoder=None if prompt_size is None else encoder,
        secondary=None,
        depth=(),
        lpips=None,
        precision="auto",
        truncate_prompts=False,
    )


def own_depth(folder: Path, share: float = 1.0, network: DepthNetwork | None = None) -> DepthFiles:
    """A tiny estimator, named as its folder."""
    return DepthFiles(folder.name, NetworkFiles(save_depth(folder, network)), share)

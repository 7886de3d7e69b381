"""Loading the networks of one render: from their files to a `Networks` in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

import torch

from keyframes.word_weights import plain_text
from pipeline.catalogue.family import family_of
from pipeline.catalogue.find import find
from pipeline.catalogue.located import DepthFiles, LocatedNetworks, LpipsFiles, NetworkFiles
from pipeline.diffusion.perceptual import Features
from pipeline.errors import ModelError
from pipeline.networks.bundle import Networks
from pipeline.networks.denoisers.guided_diffusion import GuidedDiffusion, load_guided_diffusion
from pipeline.networks.denoisers.prompted import EncoderPrompted
from pipeline.networks.denoisers.secondary import load_secondary
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from pipeline.networks.depth.blend import blend_depth, blend_disco_depth
from pipeline.networks.depth.folder import load_depth
from pipeline.networks.depth.midas import load_midas
from pipeline.networks.depth.remembering import RememberingDepth
from pipeline.networks.encoders.open_clip_folder import ClipEncoder, load_encoder
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.networks.encoders.published import load_published_encoder
from pipeline.networks.flow.dis import DisFlow
from pipeline.networks.flow.raft import load_raft
from pipeline.networks.lpips import load_lpips
from pipeline.networks.memory.chunked_encoder import ChunkedEncoder, CutLimit
from pipeline.networks.memory.offload import loaded_on, offloaded
from pipeline.networks.memory.shortage import shortage_told
from pipeline.protocols import (
    DepthEstimator,
    FlowEstimator,
    LoadedDepth,
    PromptedNetwork,
    Secondary,
)

_TOO_LARGE = (
    "there is not enough memory to load the networks. Any of these needs less: close other "
    "programs; fewer or smaller networks in `models`, of which `preset: starter` has the smallest; "
    "models: {precision: bf16}; on a GPU also --memory low"
)


@shortage_told(_TOO_LARGE)
def load_networks(
    networks: LocatedNetworks,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
    *,
    low_memory: bool = False,
) -> Networks:
    """The networks for `device`; denoiser, encoders and depth estimators compute in `dtype`.

    With `low_memory` each network is on the device only while it works, and the encoders embed
    few cutouts a batch: slower, and the same pictures but for the order of sums. What guidance
    differentiates through stays there for as long as its gradient needs it.

    Raises:
        ModelError: a file is missing or does not fit, or the denoiser takes embeddings of another
            length than its encoder gives.
        Error: there is too little memory for them.
    """
    home = torch.device("cpu") if low_memory else device
    limit = CutLimit(_FEW_CUTS if low_memory else None)

    @cache  # One encoder may both guide and condition the denoiser.
    def encoder(files: NetworkFiles) -> PromptEncoder:
        loaded = _encoder(files, home, dtype)
        limited = _limited(loaded, limit, device, truncate=networks.truncate_prompts)
        return PromptEncoder(limited, plain_text if family_of(networks.denoiser) else str)

    depth, disco_depth = _depth(networks.depth, home, device, dtype)
    return Networks(
        denoiser=_painter(networks, encoder, home, device, dtype),
        encoders={name: encoder(files) for name, files in networks.encoders.items()},
        depth=depth,
        device=device,
        disco_depth=disco_depth,
        secondary=_secondary(networks.secondary, home, device),
        lpips=_lpips(networks.lpips, home, device),
        flow=_flow(networks.flow, home, device),
        cuts=limit,
        in_fp32=_in_fp32(networks, device, dtype),
    )


def load_depth_estimators(
    networks: LocatedNetworks, device: torch.device, dtype: torch.dtype
) -> tuple[DepthEstimator | None, DepthEstimator | None]:
    """The depth estimators alone, for a pinhole camera and for Disco's projection.

    Raises what `load_networks` raises.
    """
    return _depth(networks.depth, device, device, dtype)


def _in_fp32(
    networks: LocatedNetworks, device: torch.device, dtype: torch.dtype
) -> Callable[[], Networks] | None:
    """Loads the networks in float32, once, for single frames: with little memory, beside those in
    `dtype`, which stay. None where these compute in float32."""
    if dtype == torch.float32:
        return None
    return cache(partial(load_networks, networks, device, low_memory=True))


_FEW_CUTS = 4


def _painter(
    networks: LocatedNetworks,
    encoder: Callable[[NetworkFiles], PromptEncoder],
    home: torch.device,
    device: torch.device,
    dtype: torch.dtype,
) -> PromptedNetwork:
    """The denoiser with its text side."""
    family = family_of(networks.denoiser)
    if family is not None:
        # What other denoisers need not wait for.
        from pipeline.networks.text_to_image.load import load_text_to_image
        from pipeline.networks.text_to_image.parts.place import Place

        return load_text_to_image(family, networks, Place(device, home, dtype))
    network = _denoiser(networks.denoiser, home, dtype)
    text = _text_side(networks, network.prompt_size, encoder)
    return EncoderPrompted(network, text, network.unet, device)


def _denoiser(
    files: NetworkFiles, device: torch.device, dtype: torch.dtype
) -> UNetDenoiser | GuidedDiffusion:
    if files.config is None:
        return load_denoiser(files.path, device, dtype)
    return load_guided_diffusion(files.path, files.config, device, dtype)


def _encoder(files: NetworkFiles, device: torch.device, dtype: torch.dtype) -> ClipEncoder:
    if files.published is None:
        return load_encoder(files.path, device, dtype)
    # The record of a model in the store knows less of it than the catalogue.
    entry = find(files.published.name)
    return load_published_encoder(files.path, entry, device, dtype, tokenizer=files.tokenizer)


def _limited(
    encoder: ClipEncoder, limit: CutLimit, device: torch.device, *, truncate: bool
) -> ChunkedEncoder:
    """`encoder` under `limit`, with its weights on `device` only while it works."""
    return ChunkedEncoder(
        encoder.truncating() if truncate else encoder,
        limit,
        pictures=partial(loaded_on, encoder.model.visual, device),
        texts=partial(loaded_on, encoder.model, device),
    )


def _depth(
    blend: Sequence[DepthFiles], home: torch.device, device: torch.device, dtype: torch.dtype
) -> tuple[DepthEstimator | None, DepthEstimator | None]:
    """The depth estimators for a pinhole camera and for Disco's projection."""
    if not blend:
        return None, None
    # Sorted by name: the order in which a scene lists them may not reach a sum's last digit.
    ordered = sorted(blend, key=lambda one: one.name)
    loaded = [(one.share, _estimator(one.files, home, dtype)) for one in ordered]
    pinhole = [(share, offloaded(one, one.network, device)) for share, one in loaded]
    disco = [(share, offloaded(one.disco, one.network, device)) for share, one in loaded]
    return RememberingDepth(blend_depth(pinhole)), RememberingDepth(blend_disco_depth(disco))


def _estimator(files: NetworkFiles, home: torch.device, dtype: torch.dtype) -> LoadedDepth:
    published = None if files.published is None else files.published.architecture
    architecture = files.architecture or published
    if architecture is None:
        return load_depth(files.path, home, dtype)
    return load_midas(architecture, files.path, home, dtype=dtype)


def _secondary(
    files: NetworkFiles | None, home: torch.device, device: torch.device
) -> Secondary | None:
    if files is None:
        return None
    model = load_secondary(files.path, home)
    return offloaded(model, model.network, device)


def _flow(files: NetworkFiles | None, home: torch.device, device: torch.device) -> FlowEstimator:
    if files is None:
        return DisFlow()
    published = None if files.published is None else files.published.architecture
    raft = load_raft(files.path, home, published)
    return offloaded(raft, raft.network, device)


def _lpips(files: LpipsFiles | None, home: torch.device, device: torch.device) -> Features | None:
    if files is None:
        return None
    features = load_lpips(files.vgg16.path, files.heads.path, home)
    return offloaded(features, features, device)


def _text_side(
    networks: LocatedNetworks,
    expected: int | None,
    encoder: Callable[[NetworkFiles], PromptEncoder],
) -> PromptEncoder | None:
    """The encoder of the denoiser's prompts, if it has one, whose embeddings it takes."""
    if networks.prompt_encoder is None:
        return None
    text = encoder(networks.prompt_encoder)
    if expected is None:
        return text
    _, given = text.encoder.encode_texts([""]).shape
    if expected != given:
        raise ModelError(
            f"{networks.denoiser.path}: listens to embeddings of {expected} numbers, but the "
            f"encoder {networks.prompt_encoder.path} gives {given}; the two are trained together: "
            "use the encoder that came with this denoiser"
        )
    return text

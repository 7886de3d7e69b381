"""Train the starter's denoiser: `python -m tools.train.denoiser --data DIR --clip DIR --out DIR`.

A `UNet2DModel` on coefficients of the lapped transform that predicts the clean picture, with the
CLIP embedding of a caption as its class embedding. A share of the captions is dropped, so that the
same network is also the unconditional one that CLIP gradients guide (Ho & Salimans 2021). Captions
of pictures in a style never are: without a prompt the network paints gouache.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from diffusers import UNet2DModel
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import normalize

from pipeline.diffusion.schedule import NoiseSchedule, add_noise, cosine_schedule
from pipeline.networks.denoisers.lapped import LappedTransform
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, lapped_stem
from pipeline.networks.encoders.open_clip_folder import load_encoder
from tools.train.data import World, mirror_some, pick
from tools.train.export import save_json, save_weights
from tools.train.loop import Training
from tools.train.options import job_parser, read_job
from tools.train.precision import mixed_precision
from tools.world.attributes import ATTRIBUTES, NONE, decode
from tools.world.caption_pairs import caption_pair

TIMESTEPS = 1000
STYLE = list(ATTRIBUTES).index("style")
GOUACHE = ATTRIBUTES["style"].index(NONE)


def build_unet(config: dict[str, Any]) -> UNet2DModel:
    """The U-Net that `config` describes: patches in, patches out, an embedding as its class."""
    widths, block = config["widths"], config["block"]
    return UNet2DModel(
        sample_size=config["sample_size"],
        in_channels=3 * block**2,
        out_channels=3 * block**2,
        block_out_channels=tuple(widths),
        layers_per_block=config["layers"],
        down_block_types=("DownBlock2D",) * len(widths),
        up_block_types=("UpBlock2D",) * len(widths),
        norm_num_groups=16,
        attention_head_dim=64,
        class_embed_type="identity",
        resnet_time_scale_shift="scale_shift",
    )


def start_from(unet: UNet2DModel, block: int, folder: Path) -> None:
    """Give `unet`, of patches of `block`, the trained weights in `folder`, of any patches.

    A picture that is `block / theirs` times as large has as many patches, and in each of them the
    same coefficients, that many times as large, before those of finer details: what the old network
    read and said of a coefficient, the new one reads and says of it too. Of finer ones it knows
    nothing yet, and says nothing.
    """
    state = load_file(folder / "unet" / "diffusion_pytorch_model.safetensors")
    theirs = json.loads((folder / "discoreel.json").read_text())["lapped"]["block"]
    if theirs != block:
        old, new = _shared_coefficients(theirs, block)
        grown = {
            name: torch.zeros_like(value)
            for name, value in unet.state_dict().items()
            if name.startswith(("conv_in.weight", "conv_out."))
        }
        grown["conv_in.weight"][:, new] = state["conv_in.weight"][:, old].float() * theirs / block
        for name in ("conv_out.weight", "conv_out.bias"):
            grown[name][new] = state[name][old].float()
        state |= grown
    unet.load_state_dict(state)


def _shared_coefficients(theirs: int, ours: int) -> tuple[list[int], list[int]]:
    """The channels of the frequencies that patches of both sizes have, in theirs and in ours."""
    least = min(theirs, ours)
    shared = [(c, y, x) for c in range(3) for y in range(least) for x in range(least)]
    theirs_at, ours_at = (
        [(c * block + y) * block + x for c, y, x in shared] for block in (theirs, ours)
    )
    return theirs_at, ours_at


def coefficient_scale(world: World, block: int) -> list[float]:
    """The standard deviation of each coefficient of a patch `(block^2,)` over the world."""
    indices = np.arange(0, len(world.pictures), max(1, len(world.pictures) // 512))
    pictures = world.pictures_at(indices)
    *_, h, w = pictures.shape
    patches = LappedTransform(block).forward(pictures[..., : h - h % block, : w - w % block])
    n, _, rows, columns = patches.shape
    deviation = patches.reshape(n, 3, block**2, rows, columns).std(dim=(0, 1, 3, 4))
    return [round(float(value), 4) for value in deviation]


def clean_error(
    schedule: NoiseSchedule, denoised: Tensor, x0: Tensor, t: Tensor, known: float | Tensor = 1.0
) -> Tensor:
    """How wrong clean estimates `(N, 3, H, W)` of x_0 at timesteps `(N,)` are: a scalar.

    `known`, broadcast over the pictures, is 0 where `x0` says nothing.
    """
    error = ((denoised - x0).square() * known).mean(dim=(1, 2, 3))
    # Near t = 0 an error of the clean picture weighs 1 / sigma^2; capped, or noise rules.
    return (error / schedule.sigma(t).clamp(min=0.25).square()).mean()


class TextEncoder(Protocol):
    """What a denoiser's training needs of CLIP."""

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors `(len(texts), D)`."""
        ...


class DenoiserLoss:
    """Draws pictures, captions, timesteps and noise, and says how wrong the clean estimate is."""

    def __init__(
        self,
        denoiser: UNetDenoiser,
        encoder: TextEncoder,
        worlds: Sequence[World],
        config: dict[str, Any],
    ) -> None:
        self._denoiser = denoiser
        self._encoder = encoder
        self._worlds = worlds
        self._config = config
        self._device = denoiser.unet.device

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        world = pick(self._worlds, generator)
        indices = world.draw(batch, generator)
        x0 = self._crops(world.pictures_at(indices), generator)
        t = self._timesteps(batch, generator)
        schedule = self._denoiser.schedule
        x = add_noise(schedule, x0, torch.randn(x0.shape, generator=generator), t)
        embeddings = self._embeddings(world, indices, generator)
        x0, x, t, embeddings = (value.to(self._device) for value in (x0, x, t, embeddings))
        return clean_error(schedule, self._denoiser.denoise(x, t, embeddings), x0, t)

    def _crops(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """The pictures, `margin` px smaller each way, cut at one random place."""
        *_, h, w = pictures.shape
        margin = self._config["margin"]
        left, top = torch.randint(margin + 1, (2,), generator=generator).tolist()
        cut = pictures[..., top : top + h - margin, left : left + w - margin]
        return mirror_some(cut, generator)

    def _timesteps(self, batch: int, generator: torch.Generator) -> Tensor:
        """Uniform, but the easy quarter next to the clean picture only half as often."""
        u = torch.rand(batch, generator=generator)
        easy = torch.rand(batch, generator=generator) < 0.13
        return (torch.where(easy, 0.25 * u, 0.25 + 0.75 * u) * TIMESTEPS).long()

    def _embeddings(
        self, world: World, indices: NDArray[np.int64], generator: torch.Generator
    ) -> Tensor:
        n = len(indices)
        rng = np.random.default_rng(int(torch.randint(2**31, (), generator=generator)))
        vectors = self._told(world, indices, rng)
        noise = torch.randn(vectors.shape, generator=generator)
        deviation = float(self._config["embedding_noise"] / vectors.shape[1] ** 0.5)
        vectors = vectors + deviation * noise
        dropped = torch.rand(n, generator=generator) < self._config["prompt_dropout"]
        styled = torch.from_numpy(world.attributes[indices, STYLE] != GOUACHE)
        told: Tensor = vectors * (styled | ~dropped)[:, None]
        return told

    def _told(self, world: World, indices: NDArray[np.int64], rng: np.random.Generator) -> Tensor:
        """Embeddings `(N, D)`: of one caption, or of two prompts of any weights at times."""
        vectors = self._encoder.encode_texts(world.captions_at(indices, rng))
        pictures = [decode(row) for row in world.attributes[indices]]
        apart = [
            k
            for k, one in enumerate(pictures)
            if one.scheme != NONE and rng.random() < self._config["two_prompts"]
        ]
        if apart:
            pairs = [caption_pair(rng, pictures[k], world.edition) for k in apart]
            shown, coloured = map(self._encoder.encode_texts, zip(*pairs, strict=True))
            share = torch.from_numpy(rng.uniform(0.35, 0.65, (len(apart), 1))).to(shown)
            vectors[apart] = normalize(share * shown + (1 - share) * coloured, dim=1)
        return vectors


def export(unet: UNet2DModel, scale: list[float], config: dict[str, Any], out: Path) -> None:
    """Write the network as a diffusers folder with the facts that diffusers has no word for."""
    save_weights(unet, out / "unet" / "diffusion_pytorch_model.safetensors")
    public = {key: value for key, value in unet.config.items() if not key.startswith("_")}
    save_json({"_class_name": "UNet2DModel", **public}, out / "unet" / "config.json")
    save_json(
        {
            "_class_name": "DDIMScheduler",
            "num_train_timesteps": TIMESTEPS,
            "beta_schedule": "squaredcos_cap_v2",
            "prediction_type": "sample",
        },
        out / "scheduler" / "scheduler_config.json",
    )
    save_json(
        {
            "lapped": {"block": config["block"], "scale": scale},
            "prompt": {"scale": config["prompt_scale"]},
        },
        out / "discoreel.json",
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    parser = job_parser(__doc__, __file__)
    parser.add_argument("--clip", type=Path, required=True, help="folder of the trained CLIP")
    options = parser.parse_args(arguments)
    job = read_job(options)
    config = job.config
    scale = coefficient_scale(job.worlds[0], config["block"])
    unet = build_unet(config)
    if job.start:
        start_from(unet, config["block"], job.start)
    unet.to(job.device, memory_format=torch.channels_last)
    # Only the network runs in bfloat16; the transform around it stays exact.
    unet.forward = mixed_precision(job.device)(unet.forward)
    denoiser = UNetDenoiser(
        unet,
        cosine_schedule(TIMESTEPS),
        prediction="sample",
        stem=lapped_stem(config["block"], torch.tensor(scale)),
        prompt_scale=config["prompt_scale"],
    )
    encoder = load_encoder(options.clip, torch.device("cpu"))
    loss = DenoiserLoss(denoiser, encoder, job.worlds, config)
    training = Training(unet, loss, job.recipe, job.out)
    training.run(lambda average, seen: export(average, scale, config, job.out / "denoiser"))


if __name__ == "__main__":
    main()

"""Toy networks that are others under other names, with fingerprints of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch.nn.functional import normalize

from pipeline.catalogue.additions import additions_of
from pipeline.diffusion.added import Added
from pipeline.diffusion.space import PIXELS
from pipeline.networks.bundle import Networks
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.protocols import Space
from pipeline.spec.fingerprints import PRECISION, FileRole, Fingerprint
from pipeline.spec.sources import NetworkSet
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.toy_networks import (
    PaintNetwork,
    PaleSecondary,
    QuartersEncoder,
    RampDepth,
    added_light,
    toy_networks,
)


def fingerprints_of(networks: NetworkSet) -> tuple[Fingerprint, ...]:
    """What pictures depend on of a set of networks, by what the scene names."""
    single: Mapping[FileRole, object] = {
        "denoiser": networks.denoiser,
        "prompt encoder": "starter",
        "perceptual": "halves",
        "depth": networks.depth,
        "secondary": networks.secondary,
        "flow": networks.flow,
    }
    files = [Fingerprint(role, "", "", _sum(source)) for role, source in single.items()]
    encoders = [
        Fingerprint("encoder", name, "", _sum(source)) for name, source in networks.encoders.items()
    ]
    added = [
        Fingerprint(role, name, "", _sum(source))
        for (role, name), source in additions_of(networks).items()
    ]
    roles: tuple[FileRole, ...] = () if networks.precision == "auto" else ("denoiser", "depth")
    precisions = [Fingerprint(role, "", PRECISION, networks.precision) for role in roles]
    return (*files, *encoders, *precisions, *added)


def networks_of(networks: NetworkSet) -> Networks:
    """Toys that paint, judge and measure a little otherwise for each other thing that is named."""
    painted = _tilt((networks.denoiser, networks.precision))
    deep = _tilt((networks.depth, networks.precision))
    return replace(
        toy_networks(),
        denoiser=_Painter(
            0.25 + 0.1 * painted,
            0.2 + 0.1 * painted,
            PromptEncoder(_NamedEncoder("starter")),
            space=_Judged(_tilt(networks.guidance_decoder)),
            named={
                name: _tilt(one)
                for name, one in (*networks.loras.items(), *networks.controls.items())
            },
        ),
        encoders={
            name: PromptEncoder(_NamedEncoder(_sum(source)))
            for name, source in networks.encoders.items()
        },
        depth=_SteppedDepth(slope=deep),
        disco_depth=_SteppedDepth(slope=deep + 0.2),
        secondary=_Secondary(divisor=2 + _tilt(networks.secondary)),
        flow=_Flow(drift=_tilt(networks.flow)),
    )


def _sum(named: object) -> str:
    return hashlib.sha256(repr(named).encode()).hexdigest()


def _tilt(named: object) -> float:
    """A number, 0 to 1, that goes by what is named."""
    return int(_sum(named)[:6], 16) / 16**6


@dataclass(frozen=True)
class _Judged:
    """Pixels, of which guidance sees more or less light."""

    light: float
    channels: int = 3
    factor: int = 1

    def encode(self, pictures: Tensor) -> Tensor:
        """As they are."""
        return pictures

    def decode(self, x: Tensor) -> Tensor:
        """As it is."""
        return x

    def judged(self, x: Tensor) -> Tensor:
        """With as much light as the decoder gives."""
        return x * (1 + 0.1 * self.light)


@dataclass(frozen=True)
class _Painter(PaintNetwork):
    """Paints curved estimates, so that no two ways to a gradient agree by accident."""

    space: Space = PIXELS
    named: Mapping[str, float] = field(default_factory=dict)
    """How much more or less light what is added gives, by its name."""

    def adapted(self, added: Added) -> _Painter:
        """This network, in which each addition gives light of its own."""
        loras = tuple(
            replace(one, weight=one.weight * self._light(one.name)) for one in added.loras
        )
        shown = tuple(
            replace(
                one,
                control=replace(
                    one.control, weight=one.control.weight * self._light(one.control.name)
                ),
            )
            for one in added.shown
        )
        lit = replace(added, loras=loras, shown=shown)
        return replace(self, brightness=self.brightness * (1 + added_light(lit)))

    def _light(self, name: str) -> float:
        return 0.5 + self.named[name]

    def bind(self, *conditions: Tensor | None) -> GaussianDenoiser:
        plain = super().bind(*conditions)
        return _Curved(self.schedule, plain.mean, plain.variance)


class _Curved(GaussianDenoiser):
    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        plain = super().__call__(x, t)
        return plain + 0.2 * torch.sin(4 * plain) * plain.roll(1, dims=-1)


class _NamedEncoder(QuartersEncoder):
    """Sees colours in its own way, and every text as a colour of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(size=4)
        self._weights = 0.5 + torch.rand(12, generator=_generator(name))

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """`(N, 13)`."""
        seen = super().encode_pictures(pictures)
        return normalize(torch.cat([seen[:, :12] * self._weights, seen[:, 12:]], dim=1), dim=1)

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """`(len(texts), 13)`."""
        colours = [2 * torch.rand(3, generator=_generator(text)) - 1 for text in texts]
        return self.encode_pictures(torch.stack(colours)[..., None, None].expand(-1, 3, 8, 8))


def _generator(name: str) -> torch.Generator:
    return torch.Generator().manual_seed(int(_sum(name)[:12], 16))


@dataclass
class _SteppedDepth(RampDepth):
    """A ramp as steep as it is told, with a step in the middle."""

    slope: float = 0.0

    def __call__(self, picture: Tensor) -> Tensor:
        """`(N, 1, H, W)`."""
        n, _, h, w = picture.shape
        ramp = torch.linspace(1.0, 2.0 + self.slope, w)
        return (ramp + (torch.arange(w) > w // 2)).expand(n, 1, h, w)


@dataclass
class _Secondary(PaleSecondary):
    """Sees one part of `divisor` of a picture in its noise."""

    divisor: float = 2.0

    def __call__(self, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """`(N, 3, H, W)`."""
        return torch.tanh(x / (self.divisor * alpha))


@dataclass(frozen=True)
class _Flow:
    """Sees what turns lighter drift by up to a pixel to the right, and sink; back again, rise.

    On the left it is wrong: there is a drift to the right whatever is compared.
    """

    drift: float

    def __call__(self, first: Tensor, second: Tensor) -> Tensor:
        """`(1, 2, H, W)`."""
        lighter = (second - first).mean(dim=1, keepdim=True)
        drift = torch.full_like(lighter, self.drift) * lighter.sum().sign()
        drift[..., : drift.shape[-1] // 4] += 0.9
        return torch.cat([drift, 0.1 * lighter], dim=1)

"""The files that a frame's pixels depend on, each as its role, its name, and the sum of its bytes.

A frame counts only what it asks: a depth network is nothing to a frame that goes through no depth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from pipeline.spec.denoise import Denoise
from pipeline.spec.frame import FrameSpec, PictureRole

NetworkRole = Literal[
    "denoiser",
    "prompt encoder",
    "encoder",
    "secondary",
    "perceptual",
    "depth",
    "flow",
    "guidance decoder",
    "refiner",
    "second stage",
    "image prompts",
    "embedding",
    "lora",
    "control",
]
NETWORK_ROLES: frozenset[NetworkRole] = frozenset(get_args(NetworkRole))

FileRole = NetworkRole | PictureRole
"""What a file does for a frame."""

PICTURES = frozenset(get_args(PictureRole))
"""The roles of what the author gives, beside those of networks."""

PRECISION, SHARE = "precision", "share"
"""What a fingerprint may be of besides a file: a precision of the scene, the share of a blend."""


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """One thing that a picture depends on besides the numbers of its spec."""

    role: FileRole
    """Role of the file for the frame."""
    name: str
    """Name of the network or picture as in the scene; "" where a role has one at most."""
    what: str
    """File within the network, "" for one that is a single file; or `PRECISION` or `SHARE`."""
    value: str
    """SHA-256 of the file in lower-case hex, or the words of a setting."""

    @property
    def key(self) -> tuple[FileRole, str, str]:
        """Role, name and file: the fingerprint without its value."""
        return self.role, self.name, self.what


def asked(spec: FrameSpec, fingerprints: Iterable[Fingerprint]) -> tuple[Fingerprint, ...]:
    """The fingerprints of a set of networks that the frame asks, in order."""
    return asked_by(fingerprints)(spec)


def asked_by(
    fingerprints: Iterable[Fingerprint],
) -> Callable[[FrameSpec], tuple[Fingerprint, ...]]:
    """The function that says what a frame `asked` of these fingerprints, for many frames."""
    ordered = sorted(fingerprints)
    networks = tuple(dict.fromkeys((one.role, one.name) for one in ordered))

    @cache
    def of_networks(answers: tuple[bool, ...]) -> tuple[Fingerprint, ...]:
        asking = {network for network, is_asked in zip(networks, answers, strict=True) if is_asked}
        return tuple(one for one in ordered if (one.role, one.name) in asking)

    return lambda spec: of_networks(tuple(asks(spec, *network) for network in networks))


def asks(spec: FrameSpec, role: FileRole, name: str = "") -> bool:
    """Whether the pixels of a frame depend on a network; `name` says which one of several."""
    if role == "depth":
        moved = bool(spec.inputs and spec.motions) and spec.camera.estimates_depth
        return moved or _shows_depth(spec)
    if role == "flow":
        return spec.flows
    if role == "control" and not spec.inputs:
        return False
    asking = _PAINTING.get(role)
    return spec.denoise is not None and asking is not None and asking(spec.denoise, name)


def _shows_depth(spec: FrameSpec) -> bool:
    """Whether a ControlNet is shown how near everything is in what the frame starts from."""
    controls = () if spec.denoise is None else spec.denoise.controls
    return bool(spec.inputs) and any(one.hint == "depth" and one.weight for one in controls)


def _guides(denoise: Denoise, name: str) -> bool:
    return any(one.name == name and not denoise.clip_scale(one).is_zero for one in denoise.encoders)


def _by_gradient(denoise: Denoise, name: str) -> bool:
    return denoise.guidance.gradient == "secondary"


def _by_likeness(denoise: Denoise, name: str) -> bool:
    guidance = denoise.guidance
    return guidance.perceptual == "lpips" and not guidance.init_scale.is_zero


def _judges(denoise: Denoise, name: str) -> bool:
    """Whether any loss of the decoded picture guides the frame."""
    guidance = denoise.guidance
    scales = (
        *(guidance.clip_guidance_scale, guidance.tv_scale, guidance.sat_scale),
        *(guidance.range_scale, guidance.init_scale),
    )
    return not all(scale.is_zero for scale in scales)


def _told(denoise: Denoise, name: str) -> bool:
    # Learned words are found in letters of any case.
    word = re.compile(re.escape(name), re.IGNORECASE)
    return any(word.search(prompt.text) for prompt in denoise.prompts if not prompt.image)


def _adapts(denoise: Denoise, name: str) -> bool:
    return any(one.name == name and one.weight for one in denoise.loras)


def _controls(denoise: Denoise, name: str) -> bool:
    return any(one.name == name and one.weight for one in denoise.controls)


_PAINTING: Mapping[str, Callable[[Denoise, str], bool]] = {
    "denoiser": lambda denoise, name: True,
    "prompt encoder": lambda denoise, name: not denoise.guidance.cfg_scale.is_zero,
    "encoder": _guides,
    "secondary": _by_gradient,
    "perceptual": _by_likeness,
    "guidance decoder": _judges,
    "refiner": lambda denoise, name: True,
    "second stage": lambda denoise, name: True,
    "image prompts": lambda denoise, name: any(one.image for one in denoise.prompts),
    "embedding": _told,
    "lora": _adapts,
    "control": _controls,
}

"""What is easily forgotten where a text-to-image network paints in the starter's place."""

from __future__ import annotations

from collections.abc import Iterator

from keyframes.mistakes import Located
from pipeline.catalogue.facts import pipeline_of
from pipeline.catalogue.presets import PRESETS
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead
from pipeline.spec.sources import STARTER, NamedSource, Source

_FOR_THE_STARTER = ("cfg_scale", "clip_guidance_scale")
"""What the starter's preset has for itself in `guidance`."""
_SMALL = 256
"""A shorter side in pixels of which latents are too few for the published networks, which were
trained on pictures of 512 pixels and more."""


def text_to_image_warnings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a shot that such a network paints."""
    facts = pipeline_of(part.scene.models.denoiser)
    if facts is None:
        return
    yield from _guided_as_the_starter(part)
    if facts.is_latent and min(part.scene.video.size) < _SMALL:
        yield _too_small(part.scene)


def _guided_as_the_starter(part: ShotRead) -> Iterator[Located]:
    models, guidance = (part.data.get(name) for name in ("models", "guidance"))
    own = guidance if isinstance(guidance, dict) else {}
    is_beneath = isinstance(models, dict) and "preset" not in models
    unwritten = [name for name in _FOR_THE_STARTER if name not in own]
    if is_beneath and unwritten:
        beneath = PRESETS[STARTER].defaults["guidance"]
        has = " and ".join(f"a {name} of {beneath[name]:g}" for name in unwritten)
        yield Located(
            ("models", "denoiser"),
            f"a denoiser that is named alone keeps the starter's preset beneath it, with {has}, "
            f"which are for the starter; {_remedy(part.scene.models.denoiser)}",
        )


def _remedy(denoiser: Source) -> str:
    for preset in PRESETS.values():
        if NamedSource(str(preset.defaults.get("models", {}).get("denoiser"))) == denoiser:
            return f"write preset: {preset.name} in its place"
    return "write guidance: {cfg_scale: 7, clip_guidance_scale: 0}, or what suits it"


def _too_small(scene: Scene) -> Located:
    width, height = scene.video.size
    return Located(
        ("video", "size"),
        f"this denoiser was trained on pictures of 512 x 512 pixels or more, and one of "
        f"{width} x {height} shows little of what is asked; write size: [512, 512] or more",
    )

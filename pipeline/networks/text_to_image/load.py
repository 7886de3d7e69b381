"""Text-to-image networks of every family, from where they lie to a `TextToImage` in memory.

A family's modules are imported once a render asks for it: a starter's has no use for transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.catalogue.located import LocatedNetworks
from pipeline.catalogue.pipelines import Family
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.latents import LatentSpace
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.protocols import Space

Load = Callable[[LocatedNetworks, Place], TextToImage]


def load_text_to_image(family: Family, networks: LocatedNetworks, place: Place) -> TextToImage:
    """The denoiser of `networks`, of this family, with all that is added to it.

    Raises:
        ModelError: a file is missing, damaged, or does not fit.
    """
    network = _LOADERS[family](networks, place)
    return replace(network, space=_judged(network.space, networks, place))


def _judged(space: Space, networks: LocatedNetworks, place: Place) -> Space:
    """The space, in which guidance sees what the scene wants it to."""
    tiny = networks.named("guidance decoder").get("")
    if tiny is None and not networks.linear_decoder:
        return space
    if not isinstance(space, LatentSpace):
        raise ModelError(
            f"{networks.denoiser.path}: works on pixels, which need no decoder; leave "
            "models.guidance_decoder out"
        )
    from pipeline.networks.text_to_image.parts.judges import TinyDecoder, linear_decoder

    if tiny is None:
        return space.judged_by(linear_decoder)
    return space.judged_by(TinyDecoder(tiny, place.device, place.dtype, home=place.home))


def _stable_diffusion(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
    from pipeline.networks.text_to_image.stable_diffusion_parts import TextOptions
    from pipeline.networks.text_to_image.unet_adapters import AdapterFiles

    files, options = networks.denoiser, TextOptions(embeddings=networks.named("embedding"))
    adapters = AdapterFiles(
        loras=networks.named("lora"),
        controls=networks.named("control"),
        pictures=networks.named("image prompts").get(""),
    )
    refiner: Path | None = networks.named("refiner").get("")
    return load_stable_diffusion(
        files.path, place, options, adapters, architecture=files.architecture, refiner=refiner
    )


def _stable_diffusion_3(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.stable_diffusion_3 import load_stable_diffusion_3

    truncate = networks.truncate_prompts
    loras = networks.named("lora")
    return load_stable_diffusion_3(networks.denoiser.path, place, truncate=truncate, loras=loras)


def _flux(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.flux import load_flux

    truncate, loras = networks.truncate_prompts, networks.named("lora")
    return load_flux(networks.denoiser.path, place, truncate=truncate, loras=loras)


def _pixart(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.pixart import load_pixart

    truncate, loras = networks.truncate_prompts, networks.named("lora")
    return load_pixart(networks.denoiser.path, place, truncate=truncate, loras=loras)


def _kandinsky(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.kandinsky import load_kandinsky

    return load_kandinsky(networks.denoiser.path, place, truncate=networks.truncate_prompts)


def _karlo(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.karlo import load_karlo

    return load_karlo(networks.denoiser.path, place, truncate=networks.truncate_prompts)


def _deepfloyd(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.deepfloyd import load_deepfloyd

    second = networks.named("second stage").get("")
    truncate = networks.truncate_prompts
    return load_deepfloyd(networks.denoiser.path, place, second=second, truncate=truncate)


def _glide(networks: LocatedNetworks, place: Place) -> TextToImage:
    from pipeline.networks.text_to_image.glide.load import load_glide

    return load_glide(networks.denoiser.path, place, truncate=networks.truncate_prompts)


_LOADERS: Mapping[Family, Load] = {
    Family.STABLE_DIFFUSION: _stable_diffusion,
    Family.STABLE_DIFFUSION_XL: _stable_diffusion,
    Family.STABLE_DIFFUSION_3: _stable_diffusion_3,
    Family.FLUX: _flux,
    Family.PIXART: _pixart,
    Family.KANDINSKY_22: _kandinsky,
    Family.UNCLIP: _karlo,
    Family.DEEPFLOYD_IF: _deepfloyd,
    Family.GLIDE: _glide,
}

"""What a scene has to know of a denoiser before it is loaded. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.diffusers_folder import (
    coarsest_place,
    part_of,
    unet_extras,
    unet_levels,
)
from pipeline.catalogue.family import facts_of_folder
from pipeline.catalogue.guided_config import CONFIGURATIONS, GROUPS, GuidedDiffusionConfig
from pipeline.catalogue.pipeline_architectures import ARCHITECTURES
from pipeline.catalogue.pipelines import PipelineFacts
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.catalogue.stage_sizes import frame_multiple
from pipeline.spec.samplers import SamplerName, Spacing
from pipeline.spec.sources import STARTER, CheckpointSource, FolderSource, NamedSource, Source
from pipeline.spec.spacing import most_spaced

_STARTER = Path(__file__).with_name("starter")

STARTER_FOLDERS: Mapping[Role, Path] = {
    Role.DENOISER: _STARTER / "denoiser",
    Role.ENCODER: _STARTER / "clip",
    Role.DEPTH: _STARTER / "depth",
}
"""The networks that ship, in the formats of their roles."""

CLIP_CONFIG = "open_clip_config.json"
CLIP_WEIGHTS = "open_clip_model.safetensors"
CLIP_VOCABULARY = "vocabulary.json"
"""The files of an open_clip folder; a vocabulary is there where the texts have one of their own."""

SECONDARY_MULTIPLE = 32
"""What width and height of the secondary model's pictures are multiples of."""


def folder_of(source: Source, role: Role) -> Path | None:
    """The folder of a network; None for one that is a single file."""
    if isinstance(source, FolderSource):
        return Path(source.folder)
    is_starter = isinstance(source, NamedSource) and source.name == STARTER
    return STARTER_FOLDERS[role] if is_starter else None


def guided_config(source: Source) -> GuidedDiffusionConfig:
    """The configuration of a denoiser that is a guided-diffusion checkpoint.

    Raises:
        ModelError: its file is missing, or something in it is not allowed.
    """
    if isinstance(source, NamedSource):
        return CONFIGURATIONS[PUBLISHED[source.name].architecture]
    if not isinstance(source, CheckpointSource) or source.config is None:
        raise ValueError(f"{source} is no checkpoint with a configuration")
    known = CONFIGURATIONS.get(source.config)
    return known or read_config(Path(source.config), GuidedDiffusionConfig)


def pipeline_of(source: Source) -> PipelineFacts | None:
    """The facts of a text-to-image network; None for a denoiser of another kind.

    Raises:
        ModelError: it is a pipeline that is not known, or something in its folder is not allowed.
    """
    folder = folder_of(source, Role.DENOISER)
    if folder is not None:
        return facts_of_folder(folder)
    if isinstance(source, NamedSource):
        return ARCHITECTURES.get(PUBLISHED[source.name].architecture)
    config = source.config if isinstance(source, CheckpointSource) else None
    return None if config is None else ARCHITECTURES.get(config)


_EVEN = 2
"""What the sides of a picture are multiples of that is filled up before the network sees it: most
video formats take no odd ones."""

_PUBLISHED_ENLARGEMENT = 4
"""How many times wider and higher published second stages make pictures."""


def frame_size_multiple(denoiser: Source, second_stage: Source | None) -> int:
    """What width and height of frames are multiples of, which a second stage may enlarge.

    Raises:
        ModelError: a configuration is missing, or the two do not fit each other.
    """
    multiple = size_multiple(denoiser)
    if second_stage is None:
        return multiple
    folders = folder_of(denoiser, Role.DENOISER), folder_of(second_stage, Role.SECOND_STAGE)
    first, second = folders
    if first is None or second is None:
        return _PUBLISHED_ENLARGEMENT * multiple
    return frame_multiple(
        multiple, *(part_of(one, "unet", "config.json") for one in (first, second))
    )


def size_multiple(source: Source) -> int:
    """What width and height of a denoiser's pictures are multiples of.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    if pipeline := pipeline_of(source):
        return pipeline.size_multiple
    folder = folder_of(source, Role.DENOISER)
    if folder is None:
        return guided_config(source).size_multiple
    return _EVEN if unet_extras(folder).lapped else coarsest_place(folder)


def least_area(source: Source) -> int:
    """How many pixels a denoiser's picture has at least.

    Where a group of its normalisation is one channel, the coarsest level has more than one place:
    a single number, less its own mean, is always 0.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    if pipeline := pipeline_of(source):
        return pipeline.least_area
    folder = folder_of(source, Role.DENOISER)
    if folder is None:
        place, widths, groups = size_multiple(source), guided_config(source).widths, GROUPS
    else:
        unet = unet_levels(folder)
        place, widths, groups = (
            coarsest_place(folder),
            unet.block_out_channels,
            unet.norm_num_groups,
        )
    # What comes to the coarsest level from the one before is normalised there too.
    several = min(widths[-2:]) <= groups
    return 2 * place**2 if several else size_multiple(source) ** 2


def most_steps(
    source: Source, name: SamplerName = "ddim", spacing: Spacing | None = None
) -> int | None:
    """In how many steps a sampler can take a denoiser: None is any number.

    There is one a timestep of the training at most, less those that a `spacing` leaves out.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    if pipeline := pipeline_of(source):
        if pipeline.is_flow:
            return pipeline.timesteps
        # Published networks leave out one timestep of a leading spacing at the most.
        return most_spaced(name, spacing, pipeline.timesteps, steps_offset=1)
    folder = folder_of(source, Role.DENOISER)
    if folder is not None:
        path = part_of(folder, "scheduler", SCHEDULER)
        known = read_config(path, _Timesteps).num_train_timesteps
        return most_spaced(name, spacing, known) if spacing else known
    config = guided_config(source)
    if spacing is not None:
        return most_spaced(name, spacing, config.diffusion_steps)
    return None if config.rescale_timesteps else config.diffusion_steps


def distilled_spacing(source: Source) -> Spacing | None:
    """The spacing that a published denoiser was distilled for; None where its own file says it."""
    published = PUBLISHED.get(source.name) if isinstance(source, NamedSource) else None
    return None if published is None else published.spacing


def timesteps_for(source: Source, steps: int, spacing: Spacing | None = None) -> int:
    """How many timesteps the schedule has on which a denoiser is sampled in `steps` steps.

    A `spacing` chooses as many as there are steps; text-to-image networks always have one.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    if spacing is not None or pipeline_of(source):
        return steps
    known = most_steps(source)
    return guided_config(source).schedule_len(steps) if known is None else known


def weighs_words(source: Source) -> bool:
    """Whether a denoiser knows weights of words inside a prompt, as in `a (red:1.3) barn`.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    return pipeline_of(source) is not None


def reads_prompts(source: Source) -> bool:
    """Whether a denoiser is conditioned on prompts, by its own text encoders or the starter's.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    return pipeline_of(source) is not None or reads_embeddings(source)


def reads_embeddings(source: Source) -> bool:
    """Whether a denoiser is conditioned on prompts as the starter's CLIP encoder embeds them.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    folder = folder_of(source, Role.DENOISER)
    return folder is not None and unet_extras(folder).prompt is not None


class _Timesteps(ForeignConfig):
    """`scheduler/scheduler_config.json`, all of it in `pipeline.networks.denoisers.scheduler`."""

    num_train_timesteps: int = 1000

"""What a scene, and each of its shots, may say of how its frames are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from keyframes.prompts import PromptSchedule
from pipeline.catalogue.publication import Role
from pipeline.scene.camera import Camera
from pipeline.scene.clip_use import ClipUse
from pipeline.scene.denoising import Sampler
from pipeline.scene.guidance import Guidance
from pipeline.scene.reading import adapters, forms, networks
from pipeline.scene.reading.clip_rules import there_is_a_clip
from pipeline.scene.reading.denoiser_rules import (
    controls_fit,
    for_denoiser,
    guided_in_its_space,
    loras_fit,
    sampled_in_its_space,
    spaced_for_its_denoiser,
    words_fit,
)
from pipeline.scene.reading.fields import as_it_is, choice, flag, or_none
from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.moving import Number, preset_name, prompt_schedule
from pipeline.scene.reading.ranges import Range
from pipeline.scene.reading.rules import gradient_there, moving_pictures_only, prompts_read
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.seeds import Seeds, seeds
from pipeline.spec.sources import (
    DIS,
    STARTER,
    STARTER_DEPTH,
    DepthSource,
    NamedSource,
    Precision,
    Source,
)


class Models(Section):
    """The networks: by name, `starter` or a published one, or from folders and files of one's own.

    Each is the preset's unless written; `discoreel models list` names the published ones.
    """

    preset: Annotated[str, preset_name(), Shown("starter")] = STARTER
    """A named set of networks, and the defaults that suit them."""
    denoiser: Annotated[Source, networks.denoiser(), Shown("starter", unwritten="the preset's")] = (
        NamedSource(STARTER)
    )
    """What paints: a name, a diffusers folder, or `{file: my.pt, config: my.json}`."""
    secondary: Annotated[
        Source | None,
        or_none(networks.secondary()),
        Shown("none", unwritten="the preset's", more="which-gradient"),
    ] = None
    """The small denoiser for the gradient of guidance: a name, a file or `none`; without it the
    preset's gradient goes through the denoiser."""
    encoders: Annotated[
        tuple[networks.EncoderChoice, ...],
        networks.encoders(),
        Shown("[starter, {name: RN50/openai, weight: 0.5, until: 0.6}]", "", "the preset's"),
    ] = networks.STARTER_ENCODERS
    """What compares the picture with the prompts: names or open_clip folders, or
    `{name, weight, from, until}`, where the last two are progresses of the denoising."""
    depth: Annotated[
        tuple[DepthSource, ...],
        networks.depth(),
        Shown("[{name: dpt_large, weight: 0.7}, starter]", unwritten="the preset's"),
    ] = STARTER_DEPTH
    """What the 3d camera moves through; several are blended: names or folders, `{name, weight}`, or
    a checkpoint `{file: my.pt, config: dpt_large, weight: 1}`."""
    flow: Annotated[
        Source, networks.flow(), Shown("raft_large", unwritten="dis", more="optical-flow")
    ] = NamedSource(DIS)
    """How things move from one picture to another: `dis` of OpenCV, `raft_large` or `raft_small` of
    torchvision, or a file of such weights."""
    guidance_decoder: Annotated[
        Source | None,
        adapters.guidance_decoder(),
        for_denoiser("guidance decoder"),
        Shown("linear", unwritten="full", more="what-guidance-sees-of-latents"),
    ] = None
    """What makes pictures of latents for guidance and previews: `full` is the network's own
    decoder, `linear` a matrix that shows no detail, else a tiny autoencoder, by name or folder."""
    refiner: Annotated[
        Source | None,
        or_none(adapters.network(Role.REFINER)),
        for_denoiser("refiner"),
        Shown("sdxl-refiner", unwritten="none", more="stable-diffusion-xl"),
    ] = None
    """Takes over from the denoiser for the last fifth of the denoising: a name or a folder."""
    second_stage: Annotated[
        Source | None,
        or_none(adapters.network(Role.SECOND_STAGE)),
        for_denoiser("second stage"),
        Shown("deepfloyd-if-ii", unwritten="none", more="cascades"),
    ] = None
    """The last stage of a cascade, which enlarges each frame that the denoiser has painted: a name
    or a folder."""
    image_prompts: Annotated[
        Source | None,
        or_none(adapters.network(Role.IP_ADAPTER)),
        for_denoiser("image prompts"),
        Shown("ip-adapter-sd15", unwritten="none", more="prompts-that-are-pictures"),
    ] = None
    """The IP-Adapter through which a denoiser of texts reads prompts that are pictures."""
    embeddings: Annotated[
        Mapping[str, Source],
        or_none(adapters.embeddings(), {}),
        for_denoiser("embedding"),
        words_fit,
        Shown("{charcoal: charcoal.safetensors}", unwritten="none", more="textual-inversion"),
    ] = Field(default_factory=dict)
    """Textual inversion: words that prompts may use, and the files that say what they mean."""
    precision: Annotated[Precision, choice(Precision), Shown("fp32")] = "auto"
    """The numbers of denoiser, encoders and depth; `auto` is fp32 on a CPU, half on a GPU."""
    truncate_prompts: Annotated[bool, flag(), Shown("true")] = False
    """Let encoders read the beginning of a prompt that is too long for them; otherwise that is a
    mistake, told with what would be left out."""


class Settings(Section):
    """Everything on which the pixels of a frame depend, but for its size and the clock."""

    models: Models = Field(default_factory=Models)
    """The networks: `starter`, or published ones, or your own."""
    seed: Annotated[Seeds, seeds(), Shown("7", unwritten="0")] = Seeds()
    """Seed of all that is random: the same seed makes the same pictures. Seeds at times,
    `{0: 7, 31: 8, 32: 7}`, hold each up to the next: other noise for one frame or still."""
    prompts: Annotated[
        PromptSchedule,
        prompt_schedule(),
        Shown("{0s: a castle at dawn, 2s: a castle at night, blend: 1s}", more="prompts"),
    ]
    """What the picture shows: a text, a list of texts with weights, or either at times; `blend` is
    the length of a cross-fade."""
    camera: Annotated[Camera, moving_pictures_only] = Field(default_factory=Camera)
    """How the camera moves from each frame to the next."""
    sampler: Annotated[Sampler, spaced_for_its_denoiser, sampled_in_its_space] = Field(
        default_factory=Sampler
    )
    """How noise becomes a picture, and how much of the frame before stays."""
    guidance: Annotated[Guidance, guided_in_its_space, gradient_there, prompts_read] = Field(
        default_factory=Guidance
    )
    """What pulls the picture towards its prompts, and what keeps it as it is."""
    clip: Annotated[ClipUse, there_is_a_clip] = Field(default_factory=ClipUse)
    """How much of the clip of `video.input` is in what a frame starts from."""
    loras: Annotated[
        tuple[adapters.Lora, ...],
        or_none(adapters.loras(), ()),
        loras_fit,
        Shown("{ink.safetensors: {0s: 0, 4s: 0.8}}", unwritten="none", more="loras"),
    ] = ()
    """Low-rank adapters of the denoiser: files, and what each counts over the video."""
    controls: Annotated[
        tuple[adapters.Control, ...],
        or_none(adapters.controls(), ()),
        controls_fit,
        Shown(
            "[{network: controlnet-depth-sd15, hint: depth, weight: 0.6}]",
            unwritten="none",
            more="controlnets",
        ),
    ] = ()
    """ControlNets, and what each is shown of the picture that a frame starts from."""
    # `pipeline.scene.variables` reads them.
    vars: Annotated[
        Mapping[str, Number | None],
        as_it_is(forms.named(forms.moves(Range()), "names and numbers that move, up to 100")),
        Shown("{push: {0s: 1, 4s: 3}}", unwritten="no variables"),
    ] = Field(default_factory=dict)
    """Numbers over the video that formulas use by name, also each other. A name has letters, digits
    and `_`, and is none that formulas know already; circles are a mistake."""

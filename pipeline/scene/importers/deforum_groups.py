"""What a scene has no counterpart for among Deforum's settings, and what that means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.scene.importers.notes import Severity
from pipeline.scene.importers.source import Source

IsOn = Callable[[Source], bool]

_OFF = ("", "none", "null", "nan", "false", "0", "0.0", "[]", "{}")


def is_on(*names: str) -> IsOn:
    """Whether one of these settings is anything but false, 0, "None" or empty."""

    def asked(source: Source) -> bool:
        values = (source.peek(name) for name in names)
        return any(str(value).strip().lower() not in _OFF for value in values)

    return asked


def is_not(name: str, value: float) -> IsOn:
    """Whether a schedule says anything but one number."""

    def asked(source: Source) -> bool:
        written = source.peek(name)
        if written is None:
            return False
        bare = str(written).replace(" ", "").removeprefix("0:").strip("()\"', ")
        try:
            return float(bare) != value
        except ValueError:
            return True

    return asked


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together, and what it means that a scene has none of them."""

    is_on: IsOn
    severity: Severity
    message: str
    names: tuple[str, ...] = ()
    prefix: str = "\0"
    """What all of them begin with, besides `names`."""


_LOST, _DIFFERS, _SLIGHT = Severity.LOST, Severity.DIFFERS, Severity.SLIGHT


def _named(names: str) -> tuple[str, ...]:
    return tuple(names.split())


GROUPS = (
    Group(
        is_on("enable_perspective_flip", "flip_2d_perspective"),
        _LOST,
        "perspective flip is not supported: the picture is not tilted, and moves as if it were off",
        _named("enable_perspective_flip flip_2d_perspective"),
        "perspective_flip_",
    ),
    Group(
        is_on("hybrid_composite", "hybrid_motion", "hybrid_video_composite", "hybrid_video_motion"),
        _LOST,
        "no film is mixed in, and none moves the picture",
        prefix="hybrid_",
    ),
    Group(
        is_on(*(f"cn_{unit}_enabled" for unit in range(1, 11))),
        _LOST,
        "not taken over: controls of a scene names ControlNets, as {network, hint: depth, weight}",
        prefix="cn_",
    ),
    Group(
        is_on("use_looper"),
        _LOST,
        "guided images have no counterpart; shots that end on a picture come near (end: picture)",
        _named(
            "use_looper init_images image_strength_schedule blendFactorMax blendFactorSlope"
            " tweening_frames_schedule color_correction_factor image_keyframes"
        ),
    ),
    Group(
        is_on("use_mask", "use_noise_mask", "use_mask_video"),
        _LOST,
        "masks are not taken over; guidance.repaint has a mask of its own",
        _named(
            "use_mask use_alpha_as_mask mask_file invert_mask overlay_mask fill full_res_mask"
            " full_res_mask_padding use_noise_mask noise_mask_schedule mask_schedule use_mask_video"
            " video_mask_path mask_contrast_adjust mask_brightness_adjust mask_overlay_blur"
        ),
    ),
    Group(
        is_on("parseq_manifest"),
        _LOST,
        "a Parseq manifest overrides schedules there: import the manifest itself for its motion",
        prefix="parseq_",
    ),
    Group(
        is_on("optical_flow_redo_generation", "diffusion_redo"),
        _DIFFERS,
        "no frame is painted more than once",
        _named(
            "cadence_flow_factor_schedule optical_flow_redo_generation"
            " redo_flow_factor_schedule diffusion_redo diffusion_redo_visualize"
        ),
    ),
    Group(
        is_on("r_upscale_video"),
        _SLIGHT,
        "the video keeps the frames' size; output.size enlarges it",
        prefix="r_upscale_",
    ),
    Group(
        is_on("frame_interpolation_engine"),
        _DIFFERS,
        "no frames are made between frames",
        prefix="frame_interpolation_",
    ),
    Group(
        is_on("enable_steps_scheduling"),
        _DIFFERS,
        "steps do not move over the video: one number for all frames",
        _named("enable_steps_scheduling steps_schedule"),
    ),
    Group(
        is_on("enable_sampler_scheduling", "enable_checkpoint_scheduling"),
        _DIFFERS,
        "one sampler and one network paint all frames; shots may have their own",
        _named(
            "enable_sampler_scheduling sampler_schedule enable_checkpoint_scheduling"
            " checkpoint_schedule"
        ),
    ),
    Group(
        is_on("enable_clipskip_scheduling", "enable_ddim_eta_scheduling"),
        _SLIGHT,
        "settings of Stable Diffusion's networks and samplers",
        _named(
            "enable_clipskip_scheduling clipskip_schedule enable_ddim_eta_scheduling"
            " ddim_eta_schedule enable_ancestral_eta_scheduling ancestral_eta_schedule"
            " enable_noise_multiplier_scheduling noise_multiplier_schedule"
            " pix2pix_img_cfg_scale_schedule pix2pix_img_cfg_scale"
        ),
    ),
    Group(
        is_on("enable_subseed_scheduling"),
        _DIFFERS,
        "no second seed is mixed in",
        _named(
            "enable_subseed_scheduling subseed_schedule subseed_strength_schedule"
            " subseed subseed_strength"
        ),
    ),
    Group(
        is_not("noise_schedule", 0),
        _SLIGHT,
        "no noise is laid on the picture before it is painted over (sampler.noise is another)",
        _named("noise_schedule noise_type perlin_w perlin_h perlin_octaves perlin_persistence"),
    ),
    Group(
        is_not("contrast_schedule", 1),
        _DIFFERS,
        "contrast is not changed from frame to frame; camera.offset.brightness is shown only",
        _named("contrast_schedule"),
    ),
    Group(
        is_not("amount_schedule", 0),
        _SLIGHT,
        "no sharpening of each frame; guidance.keep_sharpness holds sharpness by measurement",
        _named("amount_schedule kernel_schedule sigma_schedule threshold_schedule"),
    ),
    Group(
        is_not("aspect_ratio_schedule", 1),
        _DIFFERS,
        "the box of the 3d camera is square: motion along x is as large as along y",
        _named("aspect_ratio_schedule aspect_ratio_use_old_formula"),
    ),
    Group(
        is_on("tiling", "restore_faces"),
        _LOST,
        "neither tiles nor restored faces",
        _named("tiling restore_faces"),
    ),
    Group(
        is_on("seed_resize_from_w", "seed_resize_from_h"),
        _SLIGHT,
        "noise is drawn at the size of the picture",
        _named("seed_resize_from_w seed_resize_from_h"),
    ),
    Group(
        is_on("color_force_grayscale"),
        _DIFFERS,
        "pictures stay coloured; camera: {offset: {saturation: 0}} shows them grey",
        _named("color_force_grayscale"),
    ),
    Group(
        is_on("make_gif"),
        _SLIGHT,
        "no GIF beside the video; outputs: [{file: a.mp4}, {file: a.gif}] makes both",
        _named("make_gif"),
    ),
    Group(
        is_on(
            *("mean_scale", "var_scale", "exposure_scale", "colormatch_scale", "aesthetics_scale"),
            *("init_mse_scale", "blue_scale", "clip_scale", "cond_prompt_scale"),
        ),
        _DIFFERS,
        "losses of the notebook; guidance has losses of its own",
        _named(
            "mean_scale var_scale exposure_scale exposure_target colormatch_scale colormatch_image"
            " colormatch_n_colors ignore_sat_weight clip_name clip_scale aesthetics_scale cutn"
            " cut_pow init_mse_scale init_mse_image blue_scale gradient_wrt gradient_add_to"
            " decode_method grad_threshold_type clamp_grad_threshold clamp_start clamp_stop"
            " grad_inject_timing cond_uncond_sync cond_prompt cond_prompts cond_prompt_scale"
        ),
    ),
)
"""Settings without a counterpart, told where they are on."""

"""Settings of other tools, and where each lives in a scene: docs/disco.md as data.

A setting that has no place here has a remark that says why, or that it is still to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a setting of another tool is here."""

    settings: tuple[str, ...]
    """Settings of a scene, such as `camera.roll`; none for what is left out."""
    remark: str = ""


_DISCO = (
    ("diffusion_model", "models.preset"),
    ("custom_path", "models.denoiser", "`{file: my.pt, config: my.json}`"),
    ("use_secondary_model", "guidance.gradient models.secondary"),
    ("diffusion_sampling_mode", "sampler.name"),
    (
        "use_checkpoint",
        "",
        "left out: memory traded for time in training, not needed to render",
    ),
    ("check_model_SHA", "", "left out: every pulled file is checked"),
    ("ViTB32 ViTB16 RN50", "models.encoders", "a list"),
    ("batch_name", "output.file video.title", "the folder is `--out`"),
    ("steps", "sampler.steps"),
    ("width_height_for_512x512_models width_height_for_256x256_models", "video.size"),
    ("clip_guidance_scale", "guidance.clip_guidance_scale"),
    ("tv_scale", "guidance.tv_scale"),
    ("range_scale", "guidance.range_scale"),
    ("sat_scale", "guidance.sat_scale"),
    ("cutn_batches", "guidance.cutn_batches"),
    ("skip_augs", "guidance.skip_augs"),
    ("init_image", "sampler.init_image"),
    ("init_scale", "guidance.init_scale guidance.perceptual", "its `first`"),
    ("skip_steps", "sampler.skip_steps", "its `first`"),
    ("animation_mode", "camera.mode video.n_batches", "2D and 3D; None is a scene of stills"),
    ("key_frames", "", "left out: a number is a curve, or it is not"),
    ("max_frames", "video.duration", "in frames, seconds or bars"),
    ("interp_spline", "camera", "the `ease` of each curve, such as `disco_cubic`"),
    ("angle", "camera.roll"),
    ("zoom", "camera.zoom"),
    (
        "translation_x translation_y translation_z",
        "camera.translate_x camera.translate_y camera.translate_z",
        "the same signs and units",
    ),
    (
        "rotation_3d_x rotation_3d_y rotation_3d_z",
        "camera.rotate_x camera.rotate_y camera.roll",
        "the same signs, degrees",
    ),
    ("midas_depth_model", "models.depth"),
    ("midas_weight", "models.depth", "the weights of a list"),
    ("near_plane far_plane", "", "left out: they cancel out in Disco"),
    ("fov", "camera.fov"),
    ("padding_mode", "camera.padding"),
    ("sampling_mode", "camera.sampling"),
    (
        "turbo_mode turbo_steps turbo_preroll",
        "sampler.every",
        "3 paints each third frame, `1 if frame < 12 else 3` all of the first ones too",
    ),
    ("frames_scale", "guidance.init_scale", "`{then: 1500}` is Disco's"),
    ("frames_skip_steps", "sampler.skip_steps", "`{then: 60%}` is Disco's"),
    ("vr_mode vr_eye_angle vr_ipd", "output.stereo", "`{ipd: 5, eye_angle: 0.5}` is Disco's"),
    ("video_init_path extract_nth_frame", "video.input", "`{file: dance.mp4, extract_nth: 2}`"),
    (
        "persistent_frame_output_in_batch_folder",
        "",
        "left out: decoded frames lie in `renders/.clips`",
    ),
    ("video_init_seed_continuity", "sampler.noise", "`warped` goes along with the clip"),
    ("video_init_flow_warp video_init_flow_blend", "clip.flow_blend", "0 is Disco's without warp"),
    ("video_init_check_consistency", "clip.flow_mask", "it has no effect in Disco"),
    ("video_init_blend_mode", "", "left out: frames are not mixed once more in the video"),
    ("video_init_steps", "sampler.steps"),
    ("video_init_skip_steps", "sampler.skip_steps", "its `first`"),
    ("video_init_frames_scale", "guidance.init_scale"),
    ("video_init_frames_skip_steps", "", "left out: it has no effect in Disco"),
    (
        "video_init_clip_guidance_scale video_init_tv_scale video_init_range_scale"
        " video_init_sat_scale video_init_cutn_batches",
        "",
        "left out: the scales of every scene hold",
    ),
    (
        "force_download force_flow_generation",
        "",
        "left out: `models verify` finds a damaged network, and no flow is kept",
    ),
    ("intermediate_saves", "output.intermediate_saves"),
    ("intermediates_in_subfolder", "", "left out: they always are in one"),
    ("perlin_init perlin_mode", "sampler.perlin_init", "`color`, `gray` or `mixed`"),
    ("set_seed", "seed", "a number"),
    ("eta", "sampler.eta"),
    ("clamp_grad clamp_max", "guidance.clamp_max", "there is always a bound"),
    ("randomize_class", "", "left out: it has no effect in Disco"),
    ("clip_denoised", "sampler.clip_denoised"),
    ("fuzzy_prompt", "guidance.fuzzy_prompt", "25 is Disco's True"),
    ("rand_mag", "guidance.rand_mag"),
    ("cut_overview", "guidance.cut_overview"),
    ("cut_innercut", "guidance.cut_innercut"),
    ("cut_ic_pow", "guidance.cut_ic_pow"),
    ("cut_icgray_p", "guidance.cut_icgray_p"),
    ("pad_or_pulp_cut_overview watercolor_cut_overview", "guidance.cut_overview"),
    (
        "use_horizontal_symmetry use_vertical_symmetry transformation_percent",
        "sampler.symmetry",
        "shares for each axis",
    ),
    ("text_prompts", "prompts", "`{text, weight}` for `text:weight`"),
    ("image_prompts", "prompts", "`{image: like.png, weight: 1}` beside texts"),
    ("display_rate", "output.display_rate"),
    ("n_batches", "video.n_batches"),
    ("batch_size", "", "left out: it does not work in Disco"),
    (
        "resume_run run_to_resume resume_from_frame",
        "",
        "left out: the same command continues a render",
    ),
    ("retain_overwritten_frames", "", "left out: old frames always go to `takes/`"),
)

_OTHERS = (
    ("width height W H width_height resolution", "video.size", "`[width, height]`"),
    ("length frames num_frames frame_count", "video.duration", "in frames, seconds or bars"),
    ("frame_rate framerate", "video.fps"),
    ("prompt positive_prompts animation_prompts", "prompts"),
    (
        "negative negative_prompt negative_prompts",
        "prompts",
        "a text with a negative weight, such as `{text: fog, weight: -0.3}`",
    ),
    ("rotate rotation rotate_z rotation_z", "camera.roll", "degrees a frame"),
    ("fov_schedule", "camera.fov"),
    ("border border_mode", "camera.padding"),
    ("near_schedule far_schedule", "", "left out: they cancel out in Disco"),
    (
        "strength strength_schedule",
        "sampler.strength",
        "1 less Deforum's, whose 0.65 is `{then: 0.35}`",
    ),
    (
        "denoising_strength",
        "sampler.strength",
        "the same number: 0.35 is `{then: 0.35}`",
    ),
    ("cfg cfg_scale_schedule guidance_scale", "guidance.cfg_scale"),
    ("clip_scale", "guidance.clip_guidance_scale"),
    ("sampler_name", "sampler.name"),
    ("steps_schedule num_inference_steps", "sampler.steps"),
    ("seed_behavior seed_schedule", "seed", "one number: each frame draws its own noise from it"),
    (
        "cadence diffusion_cadence",
        "sampler.every",
        "3 paints each third frame",
    ),
    ("optical_flow_cadence", "sampler.inbetween", "`flow`"),
    ("model checkpoint sd_model_name", "models.denoiser"),
    ("clip_model clip_models", "models.encoders"),
    ("depth_model depth_algorithm", "models.depth"),
    ("soundtrack soundtrack_path audio", "music.file"),
)


def _each(
    rows: tuple[tuple[str, str] | tuple[str, str, str], ...],
) -> Iterator[tuple[str, Counterpart]]:
    """Names with their counterparts: one setting each where a row has as many of them."""
    for row in rows:
        names, settings, *remark = row
        listed, all_settings = names.split(), tuple(settings.split())
        for place, name in enumerate(listed):
            one_each = len(listed) == len(all_settings)
            own = all_settings[place : place + 1] if one_each else all_settings
            yield name, Counterpart(own, "".join(remark))


DISCO: Mapping[str, Counterpart] = dict(_each(_DISCO))
"""Counterparts of the settings of Disco Diffusion 5.7."""
OTHERS: Mapping[str, Counterpart] = dict(_each(_OTHERS))
"""Counterparts of the settings of Deforum and its kin, and of words that come to mind."""
FALSE_FRIENDS: Mapping[str, str] = {"strength": "it is 1 less what Deforum calls so"}
"""Names that a scene has too, for something else, and what that is."""

COUNTERPARTS: Mapping[str, Counterpart] = {
    name.lower(): counterpart for name, counterpart in (*DISCO.items(), *OTHERS.items())
}
"""Counterparts of all settings of other tools, by their names in small letters."""

"""Names of Deforum's settings whose meaning for a scene is the same in every file."""

from __future__ import annotations


def _named(names: str) -> tuple[str, ...]:
    return tuple(names.split())


IDLE = (
    *_named("near_schedule far_schedule near_plane far_plane midas_weight save_depth_maps"),
    *_named("show_info_on_ui batch_name outdir timestring filename_format save_settings"),
    *_named("save_samples save_sample_per_step display_samples show_sample_per_step C f n_samples"),
    *_named("precision from_img2img_instead_of_link motion_preview_mode resume_from_timestring"),
    *_named("resume_timestring skip_video_creation skip_video_for_run_all delete_imgs"),
    *_named("delete_input_frames store_frames_in_ram sd_model_hash deforum_git_commit_id"),
    *_named(
        "legacy_colormatch reroll_blank_frames reroll_patience color_coherence_video_every_N_frames"
    ),
    *_named("log_weighted_subprompts normalize_prompt_weights prompt_weighting bit_depth_output"),
    *_named("make_grid grid_rows path_name_modifier image_path mp4_path render_steps"),
    *_named(
        "output_format ffmpeg_location ffmpeg_crf ffmpeg_preset ffmpeg_outdir max_video_frames"
    ),
    *_named(
        "use_manual_settings dynamic_threshold static_threshold init_latent init_sample init_c"
    ),
    *_named("override_settings_with_file custom_settings_file seed_internal seed_iter_N hybrid"),
    *_named("strength_0_no_init sampler_name_index prompt negative_prompt init_image_box"),
    *_named(
        "overwrite_extracted_frames frame_interpolation keep_3d_models_in_vram histogram_matching"
    ),
)
"""Names that say nothing about the picture, or nothing that Deforum obeys."""

FILM = (
    *_named("video_init_path extract_nth_frame extract_from_frame extract_to_frame"),
    *_named("init_video use_video_init"),
)
"""Settings of the mode `Video Input`, and of hybrid films."""

MARKS = (
    *_named("strength_schedule diffusion_cadence animation_prompts cfg_scale_schedule"),
    *_named("noise_schedule color_coherence seed_behavior perspective_flip_theta"),
)
"""Names by which a file of Deforum's is known: no other program has them."""

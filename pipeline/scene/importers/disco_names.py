"""Names of Disco Diffusion's settings whose meaning for a scene is the same in every file."""

from __future__ import annotations

from collections.abc import Mapping

PRESETS: Mapping[str, str] = {
    "512x512_diffusion_uncond_finetune_008100": "disco",
    "256x256_diffusion_uncond": "disco-256",
    "portrait_generator_v001": "disco-256",
    **dict.fromkeys(
        (
            "pixelartdiffusion_expanded",
            "pixel_art_diffusion_hard_256",
            "pixel_art_diffusion_soft_256",
            "pixelartdiffusion4k",
            "PulpSciFiDiffusion",
        ),
        "pixelart",
    ),
    **dict.fromkeys(("watercolordiffusion_2", "watercolordiffusion"), "watercolor"),
}
"""The preset of each denoiser; in the last two, cuts are those that Disco has for it."""

OF_PRESET: Mapping[str, str] = {
    "disco": "512x512_diffusion_uncond_finetune_008100",
    "disco-256": "256x256_diffusion_uncond",
    "pixelart": "pixelartdiffusion4k",
    "watercolor": "watercolordiffusion_2",
}
"""The denoiser that a preset brings by itself."""

ENCODERS: Mapping[str, str] = {
    "ViTB32": "ViT-B-32/openai",
    "ViTB16": "ViT-B-16/openai",
    "ViTL14": "ViT-L-14/openai",
    "ViTL14_336px": "ViT-L-14-336/openai",
    "ViTL14_336": "ViT-L-14-336/openai",
    "RN50": "RN50/openai",
    "RN101": "RN101/openai",
    "RN50x4": "RN50x4/openai",
    "RN50x16": "RN50x16/openai",
    "RN50x64": "RN50x64/openai",
    "ViTB32_laion2b_e16": "ViT-B-32/laion2b_e16",
    "ViTB32_laion400m_e31": "ViT-B-32/laion400m_e31",
    "ViTB32_laion400m_32": "ViT-B-32/laion400m_e32",
    "ViTB32quickgelu_laion400m_e31": "ViT-B-32/laion400m_e31",
    "ViTB32quickgelu_laion400m_e32": "ViT-B-32/laion400m_e32",
    "ViTB16_laion400m_e31": "ViT-B-16/laion400m_e31",
    "ViTB16_laion400m_e32": "ViT-B-16/laion400m_e32",
    "RN50_yffcc15m": "RN50/yfcc15m",
    "RN50_cc12m": "RN50/cc12m",
    "RN50_quickgelu_yfcc15m": "RN50/yfcc15m",
    "RN50_quickgelu_cc12m": "RN50/cc12m",
    "RN101_yfcc15m": "RN101/yfcc15m",
    "RN101_quickgelu_yfcc15m": "RN101/yfcc15m",
}
"""CLIP models by the names of Disco's switches."""

USUAL_ENCODERS = ("ViT-B-32/openai", "ViT-B-16/openai", "RN50/openai")
"""What Disco and its presets switch on."""

DEPTHS = ("midas_v21_small", "midas_v21", "dpt_large", "dpt_hybrid")
"""Depth networks of Disco's that are published."""

IDLE = (
    *("skip_for_run_all", "simple_nvidia_smi_display", "google_drive", "batch_size"),
    *("save_models_to_google_drive", "useCPU", "use_checkpoint", "check_model_SHA"),
    *("randomize_class", "key_frames", "near_plane", "far_plane", "resume_run", "run_to_resume"),
    *("resume_from_frame", "retain_overwritten_frames", "display_rate", "diffusion_steps"),
    *(
        "intermediates_in_subfolder",
        "force_download",
        "force_flow_generation",
        "timestep_respacing",
    ),
    *("skip_video_for_run_all", "batch_name", "batchNum", "custom_path", "side_x", "side_y"),
    *("intermediate_saves", "cut_overview_pad", "n_batches"),
    *("persistent_frame_output_in_batch_folder", "video_init_check_consistency", "init_frame"),
    *("last_frame", "folder", "run", "MAX_ADABINS_AREA", "MIN_ADABINS_AREA", "USE_ADABINS"),
)
"""Settings that say nothing about the picture, or nothing that Disco obeys."""

VIDEO_INPUT = (
    *("video_init_path", "extract_nth_frame", "video_init_seed_continuity"),
    *("video_init_flow_warp", "video_init_flow_blend", "video_init_blend_mode", "blend"),
    *("video_init_steps", "video_init_skip_steps", "video_init_frames_scale"),
    *("video_init_clip_guidance_scale", "video_init_tv_scale", "video_init_range_scale"),
    *("video_init_sat_scale", "video_init_cutn_batches", "video_init_frames_skip_steps"),
)
"""Settings of the mode `Video Input`."""

MARKS = ("text_prompts", "diffusion_model", "clip_guidance_scale", "cut_overview", "frames_scale")
"""Names by which a file of Disco's is known: no other program has them."""

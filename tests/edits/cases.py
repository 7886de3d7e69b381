"""Another value for every setting of a scene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Settings = Mapping[str, Any]

OF_FRAMES: Settings = {
    "video.size": [32, 48],
    "models.preset": "disco",
    "models.denoiser": "256x256_diffusion_uncond",
    "models.encoders": ["RN50/openai"],
    "models.encoders.name": [{"name": "RN50/openai"}],
    "models.encoders.weight": [{"name": "starter", "weight": 0.5}],
    "models.encoders.from": [{"name": "starter", "from": 0.5}],
    "models.encoders.until": [{"name": "starter", "until": 0.5}],
    "models.depth": "dpt_large",
    "models.depth.name": [{"name": "dpt_large"}],
    "models.depth.weight": [{"name": "dpt_large", "weight": 0.3}, "starter"],
    "models.flow": "raft_small",
    "models.precision": "bf16",
    "seed": 3,
    "prompts": "a green field",
    "prompts.text": [{"text": "a green field"}],
    "prompts.weight": [{"text": "red wine", "weight": 1}, {"text": "fog", "weight": 0.7}],
    "prompts.image": [{"image": "other.png"}],
    "prompts.blend": {0: "red wine", 2: "blue sky", "blend": 1},
    "camera.mode": "2d",
    "camera.fov": 70,
    "camera.projection": "disco",
    "camera.padding": "reflection",
    "camera.sampling": "nearest",
    "camera.depth": "other-grey.png",
    "camera.depth.pictures": {"pictures": "other-grey.png"},
    "camera.depth.white": {"pictures": "depth.png", "white": "far"},
    "camera.memory": "shot",
    "camera.translate_x": 5,
    "camera.translate_y": 5,
    "camera.translate_z": 9,
    "camera.rotate_x": 4,
    "camera.rotate_y": -3,
    "camera.roll": 5,
    "camera.angle": 6,
    "camera.zoom": 1.2,
    "sampler.name": "dpmpp_2m",
    "sampler.steps": 6,
    "sampler.skip_steps": 3,
    "sampler.skip_steps.first": {"first": 1},
    "sampler.skip_steps.then": {"then": 3},
    "sampler.skip_steps.fade": {"fade": 2},
    "sampler.strength": 0.75,
    "sampler.strength.first": {"first": 0.8},
    "sampler.strength.then": {"then": 0.3},
    "sampler.strength.fade": {"fade": 0.8},
    "sampler.every": 2,
    "sampler.inbetween": "warp",
    "sampler.eta": 0.3,
    "sampler.noise": "slow",
    "sampler.fresh_noise": 0.9,
    "sampler.noise_period": 5,
    "sampler.cross_fade": "key",
    "sampler.init_image": "other.png",
    "sampler.perlin_init": "gray",
    "sampler.symmetry": {"horizontal": 0.5},
    "sampler.symmetry.horizontal": {"horizontal": 0.25},
    "sampler.symmetry.vertical": {"vertical": 0.25},
    "sampler.clip_denoised": True,
    "sampler.dynamic_threshold": 0.5,
    "guidance.gradient": "none",
    "guidance.cfg_scale": 3,
    "guidance.clip_guidance_scale": 400,
    "guidance.tv_scale": 50,
    "guidance.range_scale": 1000,
    "guidance.sat_scale": 1000,
    "guidance.init_scale": 30,
    "guidance.init_scale.first": {"first": 40},
    "guidance.init_scale.then": {"then": 50},
    "guidance.init_scale.fade": {"fade": 60},
    "guidance.init_hold": 0.3,
    "guidance.init_hold.first": {"first": 0.2},
    "guidance.init_hold.then": {"then": 0.1},
    "guidance.init_hold.fade": {"fade": 0.4},
    "guidance.detail_hold": 0.3,
    "guidance.detail_hold.first": {"first": 0.2},
    "guidance.detail_hold.then": {"then": 0.1},
    "guidance.detail_hold.fade": {"fade": 0.4},
    "guidance.hold_memory": 2,
    "guidance.keep_colour": "first",
    "guidance.keep_colour.of": {"of": "other.png"},
    "guidance.keep_colour.share": {"share": 0.9},
    "guidance.keep_colour.by": {"by": "histogram"},
    "guidance.keep_sharpness": 0.8,
    "guidance.repaint": "auto",
    "guidance.repaint.holes": {"holes": 0.5},
    "guidance.repaint.stretch": {"stretch": 0.9},
    "guidance.repaint.prompts": {"prompts": 0.7},
    "guidance.repaint.mask": {"mask": "other-grey.png"},
    "guidance.discover": 0.5,
    "guidance.perceptual": "lpips",
    "guidance.fuzzy_prompt": 3,
    "guidance.rand_mag": 0.7,
    "guidance.clamp_max": 0.001,
    "guidance.cutn_batches": 2,
    "guidance.cut_overview": 3,
    "guidance.cut_innercut": 3,
    "guidance.cut_ic_pow": 5,
    "guidance.cut_icgray_p": 0.9,
    "guidance.skip_augs": True,
    "video.input": {"file": "other.mkv", "at_end": "hold"},
    "video.input.file": {"file": "other.mkv"},
    "video.input.start": {"start": "0.125s"},
    "video.input.end": {"end": "0.25s"},
    "video.input.extract_nth": {"extract_nth": 2},
    "video.input.crop": {"crop": [4, 2, 20, 12]},
    "video.input.fit": {"fit": "stretch"},
    "video.input.at_end": {"at_end": "loop"},
    "clip.flow_blend": 0.2,
    "clip.flow_mask": 1,
    "vars": {"push": 1.1},
    "ease.spring": {0: 1, 2: {"value": 1.2, "ease": {"spring": {}}}},
    "ease.spring.stiffness": {0: 1, 2: {"value": 1.2, "ease": {"spring": {"stiffness": 50}}}},
    "ease.spring.damping": {0: 1, 2: {"value": 1.2, "ease": {"spring": {"damping": 3}}}},
    "music.file": "other.wav",
    "music.start": "0.3s",
    "music.bpm": 200,
    "music.tempo": {"bar 1": 200},
    "music.beats": "beats.txt",
    "music.first_beat": "0.3s",
    "music.beats_per_bar": 3,
    "music.lyrics": "other.lrc",
    "music.marks": {"drop": "1.2s"},
    "music.sections": {"verse": 0, "chorus": "0.5s"},
    "music.midi": "other.mid",
    "music.stems": {"drums": "other.wav"},
    "video.fps": 5,
}
"""Settings that change frames that a scene has before and after: a value that its bases do not."""

OF_LENGTH: Settings = {
    "video.duration": 2,
    "video.n_batches": 1,
    "loop": True,
    "loop.fade": {"fade": 1},
}
"""Settings of how long the video is."""

OF_THE_FILM: Settings = {
    "video.title": "Another",
    "models.truncate_prompts": True,
    "models.secondary": "secondary",
    "music.fade_in": 0.5,
    "music.fade_out": 0.5,
    "offset.zoom": 1.2,
    "offset.x": 3,
    "offset.y": 3,
    "offset.roll": 3,
    "offset.brightness": 0.5,
    "offset.saturation": 0.5,
    "output.file": "another.webm",
    "output.bit_depth": 10,
    "output.crf": 30,
    "output.preset": "slow",
    "output.upscale": "lanczos",
    "output.size": [64, 64],
    "output.scale": 2,
    "output.fit": "contain",
    "output.display_rate": 1,
    "output.intermediate_saves": 2,
    "outputs": [{"file": "a.mp4"}, {"file": "b.webm", "scale": 0.5}],
    "video_file.file": "b.webm",
    "video_file.bit_depth": 10,
    "video_file.crf": 30,
    "video_file.preset": "slow",
    "video_file.upscale": "lanczos",
    "video_file.size": [64, 64],
    "video_file.scale": 2,
    "video_file.fit": "contain",
}
"""Settings of what is made of the frames, of what is shown meanwhile, and of what no frame asks."""

ONE, TWO = {"name": "one", "until": 3}, {"name": "two", "until": 6, "enter": {"fade": 1}}
THREE = {"name": "three", "enter": "continue", "camera": {"zoom": 1.02}}

OF_SHOTS: Mapping[str, tuple[list[Settings], str]] = {
    "shot.name": ([ONE, {**TWO, "name": "another"}, THREE], "three"),
    "shot.from": ([{"name": "one"}, {**TWO, "from": 2}, THREE], "three"),
    "shot.until": ([ONE, {**TWO, "until": 5}, THREE], "three"),
    "shot.enter": ([ONE, {**TWO, "enter": "cut"}, THREE], ""),
    "shot.enter.fade": ([ONE, {**TWO, "enter": {"fade": 2}}, THREE], ""),
    "shot.loop": ([ONE, TWO, {**THREE, "enter": "cut", "loop": {"fade": 2}}], "three"),
    "shot.loop.fade": ([{**ONE, "loop": {"fade": 1}}, TWO, THREE], ""),
    "shot.start": ([ONE, {**TWO, "start": "red.png"}, THREE], "two three"),
    "shot.end": ([ONE, TWO, {**THREE, "end": "red.png"}], "three"),
    "shot.end.picture": ([ONE, TWO, {**THREE, "end": {"picture": "other.png"}}], "three"),
    "shot.end.over": ([ONE, TWO, {**THREE, "end": {"picture": "red.png", "over": 3}}], "three"),
    "shot.models": ([ONE, {**TWO, "models": {"encoders": ["RN50/openai"]}}, THREE], "two three"),
    "shot.seed": ([{**ONE, "seed": 5}, TWO, THREE], "one"),
    "shot.prompts": ([ONE, {**TWO, "prompts": "a green field"}, THREE], "two three"),
    "shot.camera": ([ONE, TWO, {**THREE, "camera": {"zoom": 1.3}}], "three"),
    "shot.sampler": ([{**ONE, "sampler": {"eta": 0.1}}, TWO, THREE], "one"),
    "shot.guidance": ([ONE, TWO, {**THREE, "guidance": {"tv_scale": 40}}], "three"),
    "shot.vars": ([{**ONE, "vars": {"push": 1.2}, "camera": {"zoom": "push"}}, TWO, THREE], "one"),
}
"""Other shots in the place of `ONE`, `TWO` and `THREE`, which grows from `TWO`, and the names of
those that have other frames then."""

OTHERWISE: Mapping[str, str] = {
    **{name: "shot.name and the rest of them" for name in ("shots", "prompts")},
    "music.bpm.auto": "music.bpm: what is heard is a tempo as any other",
    "shot.clip": "test_a_shot_has_its_own_share_of_a_clip",
    "camera.offset": "offset.zoom and the rest of them",
    "include": "tests/edits/test_free_edits.py",
    "profiles": "tests/edits/test_free_edits.py",
    **{
        f"models.{role}.{key}": "by its sum: tests/pipeline/catalogue/test_fingerprints.py"
        for role in ("denoiser", "depth")
        for key in ("file", "config")
    },
}
"""What has no case here, and what stands for it."""

BY_CHANCE: Mapping[str, str] = {
    "camera.fov": "forward, zoom and roll look the same at any angle, but for rounding",
    "camera.padding": "nothing came from beyond an edge, which is known once the frame is moved",
    "camera.sampling": "nothing was resampled: at rest, or all was seen in the memory of the shot",
    "models.encoders.from": "it ends on steps that are skipped; a network says where those lie",
    "sampler.name": "in two steps the multistep solver is DDIM",
    "sampler.skip_steps.first": "where a cross-fade arrives the picture is its key picture alone",
    "sampler.clip_denoised": "no estimate left the range of colours",
    "sampler.dynamic_threshold": "no estimate left the range of colours",
    "guidance.range_scale": "no estimate left the range of colours",
    "guidance.sat_scale": "no estimate left the range of colours",
    "guidance.clamp_max": "no gradient was as large as the cap",
    "guidance.keep_sharpness": "the frame was as sharp as the first to the last digit",
    "guidance.repaint": "nothing came into sight and nothing grew",
    "guidance.repaint.holes": "nothing came into sight",
    "guidance.repaint.stretch": "nothing grew",
    "guidance.discover": "nothing outgrew its detail",
    "clip.flow_mask": "the motion of the clip was clear everywhere",
}
"""Settings that a frame asks and whose value made no difference by what was in its picture.

A digest is made before the picture, and cannot know: such frames are rendered again.
"""

IDLE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("prompts", "prompts.text", "prompts.weight", "prompts.image"), ("at rest",)),
    **{
        f"models.encoders{key}": ("at rest", "long take", "pictures at the ends")
        for key in ("", ".name", ".weight", ".from", ".until")
    },
    **{
        f"guidance.{name}": ("at rest", "long take", "pictures at the ends")
        for name in (
            *("cut_overview", "cut_innercut", "cut_ic_pow", "cut_icgray_p", "cutn_batches"),
            *("fuzzy_prompt", "skip_augs"),
        )
    },
    "guidance.gradient": ("at rest",),
    "guidance.clamp_max": ("at rest",),
    "guidance.rand_mag": ("at rest", "flight", "shots", "large"),
}
"""Settings that others have switched off, and the scenes in which they have."""

"""Small scenes of every kind that settings act in, and the pictures that they name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pipeline.files.png import encode_png
from tests.edits.cases import ONE, THREE, TWO, Settings
from tests.media import drifting, write_clicks, write_clip
from tests.pipeline.music.midi_files import track, write_midi
from tests.pipeline.plans import picture
from tests.pipeline.scene.lora_files import write_lora
from tests.pipeline.scene.paths.made_paths import winding, write_path

SIZE = [32, 16]
TURNING = {0: "red wine", 2: "blue sky", "blend": 2}
CUTS = {"cut_overview": 1, "cut_innercut": 1}
LOSSES = {
    "clip_guidance_scale": 200,
    "tv_scale": 20,
    "range_scale": 200,
    "sat_scale": 20,
    "init_scale": {"first": 10, "then": 12},
    "fuzzy_prompt": 2,
    "rand_mag": 0.3,
    "cut_icgray_p": 0.5,
    "cut_ic_pow": 1,
}
PLAIN = {
    **{"noise": "fresh", "cross_fade": "open", "steps": 4, "eta": 0.8},
    # From where the toy's estimates leave the range of colours, and unclamped: what is clamped may
    # be the same after an edit.
    **{"spacing": "leading", "clip_denoised": False},
}
OPEN = {
    **{"init_hold": 0, "detail_hold": 0, "hold_memory": 0, "keep_sharpness": 0},
    **{"repaint": "off", "discover": 0},
}
SILENT = {"cfg_scale": 0, "clip_guidance_scale": 0, "range_scale": 0}

BASES: Mapping[str, Settings] = {
    "flight": {
        "video": {"size": SIZE, "duration": 5},
        "prompts": TURNING,
        "camera": {"translate_z": 12, "rotate_y": 4},
        "sampler": {"steps": 4},
        "guidance": {**CUTS, "clip_guidance_scale": 100},
    },
    "flat": {
        "video": {"size": SIZE, "duration": 4},
        "prompts": TURNING,
        "camera": {"mode": "2d", "zoom": 1.1, "roll": 3, "memory": "frame"},
        "sampler": {**PLAIN, "skip_steps": {"first": 0, "then": 2, "fade": 1}},
        "guidance": {**OPEN, **CUTS, **LOSSES},
    },
    "stills": {
        "video": {"size": SIZE, "n_batches": 2},
        "prompts": [{"text": "red wine", "weight": 2}, {"text": "fog", "weight": -0.5}],
        "sampler": {"steps": 4, "perlin_init": "mixed", "skip_steps": 1},
        "guidance": {**CUTS, "init_scale": 5},
    },
    "at rest": {
        "video": {"size": SIZE, "duration": 3},
        "prompts": "red wine",
        "sampler": {**PLAIN, "skip_steps": {"first": 0, "then": 2}},
        "guidance": {**OPEN, **SILENT},
    },
    "box": {
        "video": {"size": [32, 32], "duration": 3},
        "prompts": "red wine",
        "models": {"secondary": "secondary"},
        "camera": {"projection": "disco", "memory": "frame", "translate_x": 4, "roll": 2},
        "sampler": {
            **{"name": "plms", "steps": 4, "noise": "slow", "noise_period": 2},
            **{"skip_steps": {"first": 0, "then": 2}, "symmetry": {"vertical": 0.5}},
        },
        "guidance": {**OPEN, **CUTS, "gradient": "secondary", "clip_guidance_scale": 100},
    },
    "by its pictures": {
        "video": {"size": SIZE, "duration": 3},
        "prompts": [{"image": "red.png", "weight": 1}, "fog"],
        "camera": {"depth": "depth.png", "memory": "frame", "translate_z": 15},
        "sampler": {**PLAIN, "init_image": "red.png", "skip_steps": {"first": 2, "then": 2}},
        "guidance": {
            **{**OPEN, **CUTS, "clip_guidance_scale": 100, "keep_sharpness": 0.4},
            **{"repaint": {"mask": "mask.png", "holes": 1, "stretch": 0.5, "prompts": 0.3}},
            **{"keep_colour": {"of": "red.png", "share": 0.5, "by": "mean"}},
        },
    },
    "long take": {
        "video": {"size": SIZE, "duration": 4},
        "prompts": TURNING,
        "camera": {"mode": "2d", "zoom": "push", "memory": "frame"},
        "vars": {"push": 1.05},
        "sampler": {**PLAIN, "noise": "warped", "fresh_noise": 0.5, "noise_period": 3},
        "guidance": {
            **{**CUTS, "clip_guidance_scale": 0, "init_hold": 0.5, "hold_memory": 4},
            **{"keep_colour": {"of": "first", "share": 0.5}, "keep_sharpness": 0.3},
            **{"repaint": {"holes": 1, "mask": "x < 0.4"}},
        },
    },
    "moved between": {
        "video": {"size": SIZE, "duration": 5},
        "prompts": "red wine",
        "camera": {"translate_z": 8, "memory": "frame"},
        "sampler": {**PLAIN, "strength": {"first": 1, "then": "0.5 * (frame % 2)"}},
        "guidance": {**OPEN, **CUTS},
    },
    "painted now and then": {
        "video": {"size": SIZE, "duration": 7},
        "prompts": {0: "red wine", 5: "blue sky"},
        "camera": {"translate_z": 8, "rotate_y": 3, "memory": "frame"},
        "sampler": {**PLAIN, "every": 3, "inbetween": "flow"},
        "guidance": {**OPEN, **CUTS},
    },
    "shots": {
        "video": {"size": SIZE, "duration": 10},
        "prompts": "red wine",
        "vars": {"push": 1.1},
        "camera": {"mode": "2d", "zoom": 1.1, "memory": "frame"},
        "sampler": {"steps": 4},
        "guidance": {**CUTS, "clip_guidance_scale": 50},
        "shots": [ONE, TWO, THREE],
    },
    "of words": {
        "video": {"size": SIZE, "duration": 3},
        "prompts": "red wine",
        "models": {"denoiser": "sd15"},
        "loras": {"ink.safetensors": {0: 0.2, 2: 0.6}},
        "controls": {"network": "controlnet-depth-sd15", "hint": "previous"},
        "camera": {"mode": "2d", "zoom": 1.1, "memory": "frame"},
        "sampler": {**PLAIN, "name": "ddim", "skip_steps": {"first": 0, "then": 2}},
        "guidance": {**OPEN, **CUTS, "clip_guidance_scale": 100, "cfg_scale": 1},
    },
    "large": {
        "video": {"size": [64, 64], "n_batches": 1},
        "prompts": "red wine",
        "sampler": {"steps": 2, "skip_steps": 0, "eta": 0.5},
        "guidance": {**CUTS, "cutn_batches": 1},
    },
    "to music": {
        "video": {"size": SIZE, "duration": 6, "fps": 4},
        "music": {
            **{"file": "song.wav", "bpm": 240, "stems": {"drums": "song.wav"}},
            **{"midi": "song.mid", "lyrics": "song.lrc", "marks": {"drop": "0.7s"}},
            "sections": {"verse": 0, "chorus": "1s"},
        },
        "prompts": {0: "wine, {lyric}", "chorus": "blue sky"},
        "camera": {
            **{"mode": "2d", "memory": "frame", "zoom": "1 + 0.1 * low + 0.1 * beat_pulse"},
            **{"roll": "3 * midi.all", "translate_x": {0: 0, "mark drop": 3}},
            **{"translate_y": "2 * drums.low + bar_pulse"},
        },
        "sampler": {**PLAIN, "skip_steps": {"first": 0, "then": 2}},
        "guidance": {**OPEN, **SILENT, "cfg_scale": 1},
    },
    "over a clip": {
        "video": {
            **{"size": [48, 32], "fps": 8, "duration": 4},
            "input": {"file": "clip.mkv", "at_end": "hold"},
        },
        "prompts": "red wine",
        "sampler": {**PLAIN, "noise": "warped", "fresh_noise": 0.5, "skip_steps": {"then": 2}},
        "guidance": {**OPEN, **CUTS, "clip_guidance_scale": 100},
        "clip": {"flow_blend": 0.6, "flow_mask": 0.5},
    },
    "a clip that is filmed": {
        "video": {
            **{"size": [48, 32], "fps": 8, "duration": 3},
            "input": {"file": "clip.mkv", "at_end": "hold"},
        },
        "prompts": "red wine",
        "camera": {"translate_z": 4, "rotate_y": 0.5},
        "sampler": {**PLAIN, "skip_steps": {"then": 2}},
        "guidance": {**OPEN, **CUTS, "clip_guidance_scale": 100},
        "clip": {"flow_blend": 0.6},
    },
    "pictures at the ends": {
        "video": {"size": SIZE, "duration": 8},
        "prompts": "red wine",
        "camera": {"mode": "2d", "zoom": 1.1, "memory": "frame"},
        "sampler": PLAIN,
        "guidance": {**CUTS, "clip_guidance_scale": 0},
        "shots": [
            {"name": "one", "until": 4, "end": {"picture": "red.png", "over": 2}},
            {"name": "two", "start": "red.png", "loop": {"fade": 1}},
        ],
    },
}


def write_files(folder: Path) -> None:
    """The pictures, clips, sounds and notes that scenes name, and others of the same kinds."""
    for number, name in enumerate(("red.png", "other.png")):
        (folder / name).write_bytes(encode_png(picture(number, 24, 16)))
    for number, name in enumerate(("depth.png", "mask.png", "other-grey.png")):
        grey = np.repeat(picture(7 + number, 24, 16)[..., :1], 3, axis=2)
        (folder / name).write_bytes(encode_png(grey))
    for name, times, beat, line in (("song", (0, 0.6), 1, "red"), ("other", (0.4, 1.1), 2, "sea")):
        write_clicks(folder / f"{name}.wav", times, 3)
        write_midi(folder / f"{name}.mid", track([(beat, 0.5, 60, 100, 1)]))
        (folder / f"{name}.lrc").write_text(f"[00:00.50]{line}\n", encoding="utf-8")
    for seed, name in enumerate(("clip.mkv", "other.mkv")):
        write_clip(folder / name, drifting(3, 60, 32, seed, finest=0.5))
    for kind in ("json", "chan"):
        write_path(folder, winding(6), kind)
    for name in ("ink", "other"):
        write_lora(folder / f"{name}.safetensors", width=768)
    (folder / "beats.txt").write_text("0\n0.4\n0.8\n1.2\n1.6\n2\n", encoding="utf-8")

"""What is killed: scenes of all kinds, and the commands that are given for them one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OUT = "out"
"""The folder of the render, beside the scenes."""


@dataclass(frozen=True)
class Case:
    """Scenes by their file names, and commands, each of which is repeated until it ends."""

    name: str
    scenes: Mapping[str, str]
    commands: tuple[tuple[str, ...], ...] = (("render", "a.yaml", "--out", OUT),)


_FLAT = """\
video: {size: [32, 16], fps: 8, duration: 8}
seed: 3
prompts: {0: red, 4: green, blend: 2}
camera: {mode: 2d, zoom: 1.03, roll: 2}
sampler: {steps: 6, skip_steps: {first: 0, then: 50%}, noise: warped, fresh_noise: 0.3}
guidance: {init_hold: 0.5, hold_memory: forever, keep_colour: first, keep_sharpness: 0.5}
output: {display_rate: 1, intermediate_saves: 2, preset: ultrafast, upscale: none}
"""
"""Memory beside each frame, pictures of steps."""

_SPACE = """\
video: {size: [32, 16], fps: 8, duration: 8}
prompts: {0: red, 4: blue, blend: 3}
camera: {mode: 3d, memory: shot, translate_z: 6, rotate_y: 2}
sampler: {steps: 4, skip_steps: {first: 0, then: 50%}, cross_fade: key}
guidance: {init_hold: 0.5, cut_overview: 1, cut_innercut: 1}
output: {preset: ultrafast, upscale: none}
"""
"""A cloud of views, and a key picture in the memory."""

_BETWEEN = """\
video: {size: [32, 16], fps: 8, duration: 12}
prompts: {0: red, 5: blue}
camera: {mode: 3d, memory: shot, translate_z: 5, rotate_y: 1}
sampler: {steps: 4, skip_steps: {first: 0, then: 50%}, every: 3, inbetween: flow}
guidance: {cut_overview: 1, cut_innercut: 1}
output: {preset: ultrafast, upscale: none}
"""
"""Frames between painted ones, of which the later is there first."""

_BETWEEN_EDITED = _BETWEEN.replace("translate_z: 5", "translate_z: {0: 5, 7: 5, 11: 9}")

_STILLS = """\
video: {size: [32, 16], n_batches: 6}
prompts: {0: red, 3: green}
sampler: {steps: 4}
output: {intermediate_saves: [2], size: [64, 32], upscale: lanczos}
"""
"""Pictures that are enlarged one by one."""

_SHOTS = """\
video: {size: [16, 16], fps: 8, duration: 12}
camera: {mode: 2d, zoom: 1.03, offset: {brightness: "1 + 0.2 * sin(t)"}}
sampler: {steps: 3, skip_steps: {first: 0, then: 1}}
guidance: {gradient: none, cfg_scale: 1}
loop: {fade: 2}
outputs:
  - {file: a.mp4, preset: ultrafast, upscale: none}
  - {file: a.gif, scale: 2, upscale: lanczos}
  - {file: "pictures/####.png", upscale: none}
shots:
  - {name: sea, until: 4, prompts: red}
  - {name: land, until: 8, enter: {fade: 2}, prompts: green, seed: 5}
  - {name: sky, enter: continue, prompts: blue, sampler: {eta: 0.3}}
"""
"""Shots that fade, go on and loop, and three videos of them."""

_LARGER = """\
video: {size: [16, 16], fps: 8, duration: 5}
prompts: red
camera: {mode: 2d, roll: 3}
sampler: {steps: 3, skip_steps: {first: 0, then: 1}}
guidance: {gradient: none, cfg_scale: 1}
output: {size: [64, 64], upscale: starter, preset: ultrafast}
"""
"""Frames that a network enlarges."""

_LONG = """\
video: {size: [16, 16], fps: 24, duration: 40}
prompts: red
camera: {mode: 2d, roll: 3, zoom: {0: 1, 20: 1, 39: 1.02}}
sampler: {steps: 2, skip_steps: {first: 0, then: 1}}
guidance: {gradient: none, cfg_scale: 1}
output: {size: [384, 384], upscale: lanczos, preset: slow}
"""
"""Cheap frames, of which ffmpeg takes a while to make a video."""

_EYES = """\
video: {size: [32, 16], fps: 8, duration: 16}
prompts: red
camera: {mode: 2d, roll: 3, offset: {zoom: 1.1}}
sampler: {steps: 2, skip_steps: {first: 0, then: 1}}
guidance: {gradient: none, cfg_scale: 1}
outputs:
  - {file: a.mp4, preset: ultrafast, size: [128, 64], upscale: lanczos, stereo: {ipd: 9}}
  - {file: "both/##.png", scale: 2, upscale: starter, stereo: {layout: top_bottom}}
"""
"""The depth of frames, and videos for two eyes, one of them with a box that is put in."""

_EDITED = _FLAT.replace("roll: 2", "roll: {0: 2, 2: 2, 7: 4}")
assert _EDITED != _FLAT

_EDIT = (
    ("render", "a.yaml", "--out", OUT),
    ("render", "b.yaml", "--out", OUT, "--update"),
    ("takes", "restore", OUT, "1"),
    ("render", "a.yaml", "--out", OUT, "--update"),
)
"""There and back again."""

_PARTS = (
    ("render", "a.yaml", "--out", OUT, "--keys"),
    ("render", "a.yaml", "--out", OUT, "--shot", "land"),
    ("render", "a.yaml", "--out", OUT, "--frames", "0:6"),
    ("assemble", OUT),
    ("render", "a.yaml", "--out", OUT),
)
"""Key frames first, then a shot and a stretch alone, and a video of what is there."""

CASES = (
    Case("flat", {"a.yaml": _FLAT}),
    Case("space", {"a.yaml": _SPACE}),
    Case("between", {"a.yaml": _BETWEEN, "b.yaml": _BETWEEN_EDITED}, _EDIT),
    Case("stills", {"a.yaml": _STILLS}),
    Case("shots", {"a.yaml": _SHOTS}),
    Case("larger", {"a.yaml": _LARGER}),
    Case("eyes", {"a.yaml": _EYES}, (("render", "a.yaml", "--out", OUT), ("assemble", OUT))),
    Case("edit", {"a.yaml": _FLAT, "b.yaml": _EDITED}, _EDIT),
    Case("parts", {"a.yaml": _SHOTS}, _PARTS),
    Case(
        "assembly",
        {"a.yaml": _LONG},
        (("render", "a.yaml", "--out", OUT), ("assemble", OUT)),
    ),
)

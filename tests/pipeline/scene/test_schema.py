"""Sections of a scene, and settings of most: what each refuses, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, complaints

# Each case: what is added to a good scene (in line 3 and on), and what is said about it.
ADDED = {
    "wrong type": (
        "camera: {zoom: big}",
        '3:16: camera.zoom: unknown name "big"; a formula can use duration, every, fps, frame,'
        " frames, progress, shot_progress, shot_t, t, pi, tau, e",
    ),
    "unknown key": (
        "camera: {zom: 1}",
        '3:10: camera.zom: unknown key (did you mean "zoom"?); allowed: mode, fov, projection,'
        " padding, sampling, depth, memory, translate_x, translate_y, translate_z, rotate_x,"
        " rotate_y, roll, zoom, path, orbit, dolly_zoom, look_at, offset",
    ),
    "unknown section": (
        "shoots: []",
        '3:1: shoots: unknown key (did you mean "shots"?); allowed: models, seed, prompts, camera,'
        " sampler, guidance, clip, loras, controls, vars, video, music, output, outputs, loop,"
        " shots, include, profiles",
    ),
    "a number for a key": (
        "output: {5: 1}",
        "3:10: output.5: unknown key; allowed: file, bit_depth, crf, preset, upscale, size, scale,"
        " fit, sharpen, stereo, spherical, display_rate, intermediate_saves",
    ),
    "two names for one": (
        "camera: {roll: 1, angle: 2}",
        "3:19: camera.angle: angle is another name of roll; keep one of them",
    ),
    "an empty section": (
        "camera:",
        "3:8: camera: expected a mapping of settings, found nothing; allowed keys: mode, fov,"
        " projection, padding, sampling, depth, memory, translate_x, translate_y, translate_z,"
        " rotate_x, rotate_y, roll, zoom, path, orbit, dolly_zoom, look_at, offset",
    ),
    "a list for a section": (
        "models: [starter]",
        "3:9: models: expected a mapping of settings, found a list; allowed keys: preset,"
        " denoiser, secondary, encoders, depth, flow, guidance_decoder, refiner, "
        "second_stage, image_prompts, embeddings, precision, truncate_prompts",
    ),
    "unknown preset": (
        "models: {preset: startr}",
        "3:18: models.preset: expected starter, disco, disco-256, pixelart, watercolor, sd15, "
        "sdxl, sd-turbo or lcm,"
        ' found "startr" (did you mean "starter"?)',
    ),
    "seed": ("seed: -1", "3:7: seed: found -1; allowed: from 0 to 9223372036854775807"),
    "a decimal seed": (
        "seed: 1.5",
        "3:7: seed: expected a whole number from 0 to 9223372036854775807, found 1.5",
    ),
    "choice": (
        "camera: {projection: pinhol}",
        '3:22: camera.projection: expected pinhole or disco, found "pinhol" (did you mean'
        ' "pinhole"?)',
    ),
    "a memory without a space": (
        "camera: {memory: shot, projection: disco}",
        "3:18: camera.memory: projection: disco moves each pixel by itself, and has no space in"
        " which a shot could be remembered: write projection: pinhole, or memory: frame",
    ),
    "a boolean for a choice": (
        "camera: {padding: true}",
        "3:19: camera.padding: expected wrap, border, reflection or zeros, found true",
    ),
    "a constant out of range": (
        "camera: {zoom: 0}",
        "3:16: camera.zoom: zoom is 0; allowed: above 0 and up to 100",
    ),
    "a curve out of range": (
        "camera: {zoom: {0: 1, 40: -0.5}}",
        "3:16: camera.zoom: zoom is -0.0125 at frame 27 (0:01.12); allowed: above 0 and up to 100",
    ),
    "depth in 2d": (
        "camera: {mode: 2d, rotate_y: 1}",
        "3:30: camera.rotate_y: rotate_y is for a 3d camera: write mode: 3d, or remove it",
    ),
    "saves": (
        "output: {intermediate_saves: some}",
        "3:30: output.intermediate_saves: expected how many pictures, or a list of steps, a whole"
        ' number from 0 to 1000; found "some"',
    ),
    "a step before the first": (
        "output: {intermediate_saves: [0, 5, 2.5]}",
        "3:31: output.intermediate_saves.0: expected a step, a whole number from 1 to 1000; found"
        " 0",
        "3:37: output.intermediate_saves.2: expected a step, a whole number from 1 to 1000; found"
        " 2.5",
    ),
    "bpm": (
        "music: {bpm: auto}",
        "3:14: music.bpm: auto listens to the song; name it under music.file, or write a number",
    ),
    "bpm in words": (
        "music: {bpm: fast}",
        '3:14: music.bpm: expected a number of beats a minute, from 20 to 400; found "fast"',
    ),
    "bpm out of range": (
        "music: {bpm: 500}",
        "3:14: music.bpm: found 500; allowed: from 20 to 400",
    ),
    "no bpm": (
        "music: {first_beat: 2}",
        "3:21: music.first_beat: first_beat needs bpm; add it, or remove this",
    ),
    "a folder for the output": (
        "output: {file: ../x.mp4}",
        "3:16: output.file: expected a name without folders that ends in .mp4, .m4v, .webm, .mov,"
        ' .gif or .webp, found "../x.mp4"',
    ),
    "size without a way": (
        "output: {size: [640, 480], upscale: none}",
        "3:16: output.size: upscale: none keeps the frames' own size; remove it, or remove size",
    ),
    "size and scale": (
        "output: {size: [640, 480], scale: 2}",
        "3:35: output.scale: size already settles this; remove size or scale",
    ),
    "bars without a tempo": (
        "camera: {zoom: {0: 1, bar 2: 2}}",
        '3:23: camera.zoom.bar 2: "bar 2" needs a tempo; set `music.bpm`',
    ),
}


@pytest.mark.parametrize("case", ADDED.values(), ids=ADDED.keys())
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, case: tuple[str, ...]) -> None:
    added, *problems = case
    assert complaints(tmp_path, BASE + added + "\n") == problems

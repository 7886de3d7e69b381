"""The settings of a scene: what each of them refuses, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, complaints

# Each case: what is added to a good scene (in line 3 and on), and what is said about it.
ADDED = {
    "wrong type": (
        "camera: {zoom: big}",
        '3:16: camera.zoom: unknown name "big"; a formula can use duration, fps, frame, frames,'
        " progress, t, pi, tau, e",
    ),
    "unknown key": (
        "camera: {zom: 1}",
        '3:10: camera.zom: unknown key (did you mean "zoom"?); allowed: mode, fov, projection,'
        " padding, sampling, depth, translate_x, translate_y, translate_z, rotate_x, rotate_y,"
        " roll, zoom",
    ),
    "unknown section": (
        "shots: []",
        "3:1: shots: unknown key; allowed: video, music, models, seed, prompts, camera,"
        " sampler, guidance, output",
    ),
    "a number for a key": (
        "output: {5: 1}",
        "3:10: output.5: unknown key; allowed: file, crf, preset, upscale, size, scale, fit,"
        " display_rate, intermediate_saves",
    ),
    "two names for one": (
        "camera: {roll: 1, angle: 2}",
        "3:19: camera.angle: angle is another name of roll; keep one of them",
    ),
    "an empty section": (
        "camera:",
        "3:8: camera: expected a mapping of settings, found nothing; allowed keys: mode, fov,"
        " projection, padding, sampling, depth, translate_x, translate_y, translate_z, rotate_x,"
        " rotate_y, roll, zoom",
    ),
    "a list for a section": (
        "models: [starter]",
        "3:9: models: expected a mapping of settings, found a list; allowed keys: preset,"
        " denoiser, secondary, encoders, depth, precision, truncate_prompts",
    ),
    "unknown preset": (
        "models: {preset: startr}",
        "3:18: models.preset: expected starter, disco, disco-256, pixelart or watercolor,"
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
    "a formula out of range": (
        'sampler: {eta: "0.5 + t"}',
        "3:16: sampler.eta: eta is 1.04167 at frame 13 (0:00.54); allowed: from 0 to 1",
    ),
    "a sampler": (
        "sampler: {name: dpm_2m}",
        '3:17: sampler.name: expected ddim, plms or dpmpp_2m, found "dpm_2m" (did you mean'
        ' "dpmpp_2m"?)',
    ),
    "noise for plms": (
        "sampler: {name: plms, eta: 0.8}",
        "3:28: sampler.eta: plms draws no noise: remove eta, or write name: ddim or name: dpmpp_2m",
    ),
    "noise for plms now and then": (
        "sampler: {eta: {0: 0, 40: 0.1}, name: plms}",
        "3:16: sampler.eta: plms draws no noise: remove eta, or write name: ddim or name: dpmpp_2m",
    ),
    "a wrong number for plms": (
        "sampler: {name: plms, eta: 2}",
        "3:28: sampler.eta: eta is 2; allowed: from 0 to 1",
    ),
    "noise for a sampler that is none": (
        "sampler: {name: plsm, eta: 0.8}",
        '3:17: sampler.name: expected ddim, plms or dpmpp_2m, found "plsm" (did you mean "plms"?)',
    ),
    "depth in 2d": (
        "camera: {mode: 2d, rotate_y: 1}",
        "3:30: camera.rotate_y: rotate_y is for a 3d camera: write mode: 3d, or remove it",
    ),
    "skip all": (
        "sampler: {steps: 10, skip_steps: 10}",
        "3:34: sampler.skip_steps: found 10, which leaves none of the 10 steps; skip at most 9 of"
        " them",
    ),
    "skip all by share": (
        "sampler: {steps: 10, skip_steps: {first: 3, then: 100%}}",
        '3:51: sampler.skip_steps.then: found "100%", which leaves none of the 10 steps; skip at'
        " most 9 of them",
    ),
    "skip over the video": (
        "sampler: {steps: 10, skip_steps: {then: {0: 4, 9: 100%}}}",
        "3:41: sampler.skip_steps.then: skip_steps is 9.33333 at frame 8 (0:00.33); allowed: from 0"
        " to 9",
    ),
    "skip form": (
        "sampler: {skip_steps: half}",
        "3:23: sampler.skip_steps: expected a whole number of steps, 0 or more, or a share such as"
        ' "60%", found "half"',
    ),
    "skip key": (
        "sampler: {skip_steps: {frist: 3}}",
        '3:24: sampler.skip_steps.frist: unknown key (did you mean "first"?); allowed: first, then,'
        " fade",
    ),
    "on for true": (
        "sampler: {clip_denoised: on}",
        '3:26: sampler.clip_denoised: expected true or false, found "on"; write true',
    ),
    "no for false": (
        "sampler: {clip_denoised: no}",
        '3:26: sampler.clip_denoised: expected true or false, found "no"; write false',
    ),
    "one for true": (
        "sampler: {clip_denoised: 1}",
        "3:26: sampler.clip_denoised: expected true or false, found 1; write true or false",
    ),
    "two thresholds": (
        "sampler: {clip_denoised: true, dynamic_threshold: 0.9}",
        "3:51: sampler.dynamic_threshold: clip_denoised already settles this; remove clip_denoised"
        " or dynamic_threshold",
    ),
    "no cutouts": (
        "guidance: {cut_overview: {0: 4, 0.5: 0}, cut_innercut: {0: 0, 0.2: 2, 0.6: 0}}",
        "3:56: guidance.cut_innercut: cut_overview and cut_innercut are both 0 at progress 0.6;"
        " CLIP needs a cutout to see",
    ),
    "half a cutout": (
        "guidance: {cut_overview: {0: 1.5}}",
        "3:30: guidance.cut_overview.0: expected a whole number from 0 to 256, found 1.5",
    ),
    "cutouts by step": (
        "guidance: {cut_overview: {0: 4, 400: 0}}",
        "3:33: guidance.cut_overview.400: a share of the denoising goes from 0% (noise) to below"
        " 100% (picture), found 400; frame 400 of the video is 400f",
    ),
    "no first cutouts": (
        "guidance: {cut_icgray_p: {0.4: 0}}",
        "3:26: guidance.cut_icgray_p: no value at the beginning; add one, such as {0%: 12, 40%: 4}",
    ),
    "a share above 1": (
        "guidance: {cut_icgray_p: 2}",
        "3:26: guidance.cut_icgray_p: expected a number from 0 to 1, found 2",
    ),
    "two distances": (
        "guidance: {init_scale: {first: -1, then: {0s: 1, bar 2: 2}}}",
        "3:32: guidance.init_scale.first: init_scale is -1; allowed: 0 or more",
        '3:50: guidance.init_scale.then.bar 2: "bar 2" needs a tempo; set `music.bpm`',
    ),
    "a third distance": (
        "guidance: {init_scale: {first: 1, than: 2}}",
        '3:35: guidance.init_scale.than: unknown key (did you mean "then"?); allowed: first, then,'
        " fade",
    ),
    "unknown distance": (
        "guidance: {perceptual: lpip}",
        '3:24: guidance.perceptual: expected pyramid or lpips, found "lpip" (did you mean'
        ' "lpips"?)',
    ),
    "unknown gradient": (
        "guidance: {gradient: secondry}",
        '3:22: guidance.gradient: expected denoiser, secondary or none, found "secondry" (did you'
        ' mean "secondary"?)',
    ),
    "a gradient through nothing": (
        "guidance: {gradient: secondary}",
        "3:22: guidance.gradient: there is no secondary model; write models: {secondary:"
        " secondary}, or gradient: denoiser or none",
    ),
    "prompts for a denoiser that reads none": (
        "models: {denoiser: pixelartdiffusion4k}\nguidance: {cfg_scale: 3}",
        "4:23: guidance.cfg_scale: this denoiser reads no prompts, so there is nothing to scale;"
        " remove cfg_scale: what pulls the picture towards its prompts here is"
        " clip_guidance_scale",
    ),
    "unknown clouds": (
        "sampler: {perlin_init: grey}",
        '3:24: sampler.perlin_init: expected color, gray or mixed, found "grey" (did you mean'
        ' "gray"?)',
    ),
    "symmetry by a word": (
        "sampler: {symmetry: horizontal}",
        '3:21: sampler.symmetry: expected {horizontal: [0.09], vertical: []}, found "horizontal"',
    ),
    "symmetries": (
        "sampler: {symmetry: {horizontal: [0.5, 9], vertical: yes, both: 1}}",
        "3:40: sampler.symmetry.horizontal.1: expected a share of the steps from 0 to 1, such as"
        " 0.09 or 9%, found 9",
        "3:54: sampler.symmetry.vertical: expected a share of the steps from 0 to 1, such as 0.09"
        ' or 9%, found "yes"',
        "3:59: sampler.symmetry.both: unknown key; allowed: horizontal, vertical",
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
    "fuzzy or not": (
        "guidance: {fuzzy_prompt: true}",
        "3:26: guidance.fuzzy_prompt: expected a number, a mapping of times to numbers or a"
        " formula, found true",
    ),
    "bpm": (
        "music: {bpm: auto}",
        '3:14: music.bpm: expected a number of beats a minute, from 20 to 400; found "auto"',
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
        '3:16: output.file: expected a name without folders that ends in ".mp4", found "../x.mp4"',
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


VIDEOS = {
    "size not positive": (
        "{size: [0, 64], duration: 1s}",
        "1:16: video.size.0: found 0; a side is from 1 to 4096 pixels",
    ),
    "size as text": (
        "{size: 64x64, duration: 1s}",
        '1:15: video.size: expected [width, height] in whole pixels, found "64x64"; write [64, 64]',
    ),
    "size in decimals": (
        "{size: [64.5, 64], duration: 1s}",
        "1:15: video.size: expected [width, height] in whole pixels, found [64.5, 64]",
    ),
    "size between multiples": (
        "{size: [770, 448], duration: 1s}",
        "1:15: video.size: found [770, 448]; the models ask for multiples of 16, and [768, 448] and"
        " [784, 448] fit",
    ),
    "size below a multiple": (
        "{size: [8, 40], duration: 1s}",
        "1:15: video.size: found [8, 40]; the models ask for multiples of 16, and [16, 48] fits",
    ),
    "no size": ("{duration: 1s}", "1:1: video.size: this is missing, and a scene needs it"),
    "no length": (
        "{size: [64, 64]}",
        "1:1: video.duration: write duration (a video, such as 16 bars) or n_batches (stills)",
    ),
    "two lengths": (
        "{size: [64, 64], n_batches: 3, duration: 1s}",
        "1:49: video.duration: write duration (a video) or n_batches (stills), not both",
    ),
    "a time for a length": (
        "{size: [64, 64], duration: bar 9}",
        '1:35: video.duration: a duration is a number of frames such as 96, or "16 bars",'
        ' "2 beats", "4s", "250ms" or "1:30"; found "bar 9", which is a time',
    ),
    "bars without a tempo": (
        "{size: [64, 64], duration: 2 bars}",
        '1:35: video.duration: "2 bars" needs a tempo; set `music.bpm`',
    ),
    "no frames": (
        "{size: [64, 64], duration: 10ms}",
        '1:35: video.duration: "10ms" is 0.24 frames; a video has from 1 to 1000000 frames',
    ),
    "frame rate": (
        "{size: [64, 64], duration: 1s, fps: fast}",
        "1:44: video.fps: a frame rate is a number above 0 such as 24 or 29.97, or a ratio such as"
        ' "30000/1001"; found "fast"',
    ),
    "frame rate too high": (
        "{size: [64, 64], duration: 1s, fps: 1000}",
        "1:44: video.fps: found 1000; allowed: from 0.125 to 240 frames a second",
    ),
    "frame rate too low": (
        "{size: [64, 64], duration: 1s, fps: 1/999999999}",
        '1:44: video.fps: found "1/999999999"; allowed: from 0.125 to 240 frames a second',
    ),
    "title": (
        '{size: [64, 64], duration: 1s, title: ""}',
        '1:46: video.title: expected a text in one line, found ""',
    ),
}


@pytest.mark.parametrize(("video", "problem"), VIDEOS.values(), ids=VIDEOS.keys())
def test_a_mistaken_video(tmp_path: Path, video: str, problem: str) -> None:
    assert complaints(tmp_path, f"video: {video}\nprompts: a castle\n") == [problem]

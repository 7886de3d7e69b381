"""The settings of `guidance`: what each of them refuses, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, complaints

# Each case: what is added to a good scene (in line 3 and on), and what is said about it.
ADDED = {
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
    "a memory of a word": (
        "guidance: {hold_memory: ever}",
        "3:25: guidance.hold_memory: expected a number of frames from 0 to 100000, a length such as"
        ' 4s, or forever; found "ever" (did you mean "forever"?)',
    ),
    "colours of a word": (
        "guidance: {keep_colour: {of: 0.5, by: sum, share: 2}}",
        "3:30: guidance.keep_colour.of: found 0.5; it is the number of the last frames, 1 or more",
        '3:39: guidance.keep_colour.by: expected mean, covariance or histogram, found "sum"',
        "3:51: guidance.keep_colour.share: share is 2; allowed: from 0 to 1",
    ),
    "colours of no frames": (
        "guidance: {keep_colour: 0}",
        "3:25: guidance.keep_colour: found 0; it is the number of the last frames, 1 or more",
    ),
    "colours of a list": (
        "guidance: {keep_colour: [first]}",
        "3:25: guidance.keep_colour: expected first, a number of frames, a length such as"
        " 4s, or the name of a picture; found a list",
    ),
    "lengths that there are not": (
        "guidance: {hold_memory: 2 bars, keep_colour: 0.01s}",
        '3:25: guidance.hold_memory: "2 bars" needs a tempo; set `music.bpm`',
        '3:46: guidance.keep_colour: found "0.01s"; it is the number of the last frames, 1 or more',
    ),
    "too much sharpness": (
        "guidance: {keep_sharpness: 1.5}",
        "3:28: guidance.keep_sharpness: keep_sharpness is 1.5; allowed: from 0 to 1",
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
    "fuzzy or not": (
        "guidance: {fuzzy_prompt: true}",
        "3:26: guidance.fuzzy_prompt: expected a number, a mapping of times to numbers or a"
        " formula, found true",
    ),
}


@pytest.mark.parametrize("case", ADDED.values(), ids=ADDED.keys())
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, case: tuple[str, ...]) -> None:
    added, *problems = case
    assert complaints(tmp_path, BASE + added + "\n") == problems

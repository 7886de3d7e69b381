"""Settings that another one switches off are told, with what would switch them on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.switched_off import PAIRS
from tests.pipeline.scene_files import BASE, VIDEO, warnings

STILLS = "video: {size: [96, 96], n_batches: 2}\nprompts: a castle\n"
DISCO = "video: {size: [128, 64], duration: 48}\nprompts: a castle\nmodels: {preset: disco-256, "
NO_SCALES = "clip_guidance_scale: 0, range_scale: 0"


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        (
            BASE + "guidance: {clip_guidance_scale: 0, cut_overview: 2, cut_innercut: 3, "
            "cut_ic_pow: 2, cut_icgray_p: 0.5, cutn_batches: 2, skip_augs: true, "
            "fuzzy_prompt: 5, rand_mag: 0.2}\n",
            [
                "cut_overview",
                "cut_innercut",
                "cut_ic_pow",
                "cut_icgray_p",
                "cutn_batches",
                "skip_augs",
                "fuzzy_prompt",
                "rand_mag",
            ],
            "clip_guidance_scale is 0",
        ),
        (BASE + "guidance: {rand_mag: 0.2}\n", ["rand_mag"], "fuzzy_prompt is 0"),
        (BASE + "sampler: {inbetween: flow}\n", ["inbetween"], "every is 1"),
        (
            STILLS + "sampler: {inbetween: flow}\n",
            ["inbetween"],
            "between stills there are no frames",
        ),
        (
            BASE + "guidance: {fuzzy_prompt: 0, rand_mag: {0: 0, 40: 1}}\n",
            ["rand_mag"],
            "fuzzy_prompt is 0",
        ),
        (
            BASE + "guidance: {cut_innercut: 0, cut_ic_pow: 2, cut_icgray_p: 1}\n",
            ["cut_ic_pow", "cut_icgray_p"],
            "cut_innercut is 0",
        ),
        (BASE + "guidance: {perceptual: pyramid}\n", ["perceptual"], "init_scale is 0"),
        (
            BASE + f"guidance: {{{NO_SCALES}, clamp_max: 1, gradient: none}}\n",
            ["clamp_max", "gradient"],
            "all scales of guidance are 0",
        ),
        (
            BASE + "guidance: {clip_guidance_scale: 0, cfg_scale: 0}\n",
            ["clip_guidance_scale", "cfg_scale"],
            "nothing draws the picture towards its prompts",
        ),
        (
            DISCO + "secondary: none}\nguidance: {clip_guidance_scale: 0}\n",
            ["clip_guidance_scale"],
            "nothing draws the picture towards its prompts",
        ),
        (BASE + "guidance: {discover: 1}\n", ["discover"], "the camera is at rest"),
        (
            BASE + "camera: {mode: 2d, padding: border, sampling: nearest}\n",
            ["padding", "sampling"],
            "the camera is at rest",
        ),
        (
            BASE + "camera: {padding: zeros, rotate_y: 1}\n",
            ["padding"],
            "with memory: shot a 3d camera fills what comes into sight from what lies farther",
        ),
        (BASE + "camera: {fov: 60, roll: 1, zoom: 1.1}\n", ["fov"], "roll and zoom look the same"),
        (
            BASE + "camera: {mode: 2d, zoom: 1.1}\nmodels: {depth: starter}\n",
            ["depth"],
            "no network is asked for depth",
        ),
        (BASE + "models: {flow: raft_small}\n", ["flow"], "no frame goes by flow"),
        (
            DISCO + "secondary: secondary}\nguidance: {gradient: denoiser}\n",
            ["secondary"],
            "guidance.gradient is not secondary",
        ),
        (
            BASE + "music: {fade_in: 0.5, fade_out: 0.5}\n",
            ["fade_in", "fade_out"],
            "there is no sound",
        ),
        (VIDEO + "prompts: {0: a castle, blend: 4}\n", ["blend"], "there is one set of prompts"),
    ],
)
def test_each_pair(tmp_path: Path, text: str, settings: list[str], words: str) -> None:
    told = warnings(tmp_path, text)
    heads = [one.split(": ", 2) for one in told]
    assert sorted(path.split(".")[1] for _, path, _ in heads) == sorted(settings)
    assert all(message.startswith(f"this has no effect: {words}") for *_, message in heads)


def test_every_message_has_a_remedy() -> None:
    assert all(
        "; write " in pair.why or "; add " in pair.why or "remove" in pair.why for pair in PAIRS
    )


def test_the_manual_lists_every_pair() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "scene.md").read_text(encoding="utf-8")
    rows = [row for row in manual.split("## Warnings")[1].splitlines() if row.startswith("| `")]
    for pair in PAIRS:
        names = {f"`{name}`" for name in pair.settings}
        names |= {f"`{pair.section}.{name}`" for name in pair.settings}
        assert any(len([n for n in names if n in row]) >= len(pair.settings) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        BASE + "guidance: {clip_guidance_scale: {0: 0, 40: 9}, cutn_batches: 2}\n",
        BASE + "guidance: {clip_guidance_scale: [0 for 50%, 9], cutn_batches: 2}\n",
        BASE + "guidance: {fuzzy_prompt: {0: 0, 40: 9}, rand_mag: 1}\n",
        BASE + "guidance: {init_scale: {then: 0, fade: 9}, perceptual: pyramid}\n",
        BASE + f"guidance: {{{NO_SCALES}, tv_scale: 1, clamp_max: 1}}\n",
        BASE + "guidance: {clip_guidance_scale: 0, cfg_scale: 2}\n",
        BASE + "guidance: {cfg_scale: 0}\n",
        BASE + "sampler: {every: {0: 1, 40: 2}, inbetween: flow}\n",
        BASE + "guidance: {discover: 1}\ncamera: {zoom: {0: 1, 40: 1.1}}\n",
        BASE + "camera: {mode: 2d, padding: border, roll: 1}\n",
        BASE + "camera: {memory: frame, padding: zeros, rotate_y: 1}\n",
        BASE + "camera: {fov: 60, translate_x: 1}\n",
        BASE + "camera: {fov: 60, zoom: 1.1, projection: disco}\n",
        DISCO + "secondary: none}\n",
        VIDEO + "prompts: {0: a castle, 20: a tree, blend: 4}\n",
        BASE + "models: {flow: raft_small}\nsampler: {every: 3, inbetween: flow}\n",
    ],
)
def test_what_has_something_to_do(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, text) == []


def test_a_preset_is_not_told_what_it_does(tmp_path: Path) -> None:
    assert warnings(tmp_path, BASE + "guidance: {clip_guidance_scale: 0}\n") == []


def test_numbers_of_frames_that_grow_mean_nothing_to_stills(tmp_path: Path) -> None:
    text = (
        "sampler: {skip_steps: {first: 0, then: 50%, fade: 0}}\nguidance: {init_hold: {then: 1}}\n"
    )
    assert warnings(tmp_path, STILLS + text) == [
        "3:34: sampler.skip_steps.then: this has no effect: stills grow from no other frame; "
        "remove it",
        "3:45: sampler.skip_steps.fade: this has no effect: stills grow from no other frame; "
        "remove it",
        "4:24: guidance.init_hold.then: this has no effect: stills grow from no other frame; "
        "remove it",
    ]


SHOTS = "shots: [{name: a, until: 24, camera: {mode: 2d, zoom: 1.1}}, {name: b%s}]\n"


def test_what_one_shot_uses_is_not_told_of_the_other(tmp_path: Path) -> None:
    flat, deep = SHOTS % ", camera: {mode: 2d, zoom: 1.1}", SHOTS % ", camera: {translate_z: 1}"
    assert warnings(tmp_path, BASE + "models: {depth: starter}\n" + deep) == []
    (told,) = warnings(tmp_path, BASE + "models: {depth: starter}\n" + flat)
    assert told.startswith("3:17: models.depth: this has no effect: no network is asked")


def test_a_shot_is_told_of_what_is_its_own(tmp_path: Path) -> None:
    text = "shots: [{name: a, until: 24}, {name: b, guidance: {rand_mag: 1}}]\n"
    (told,) = warnings(tmp_path, BASE + "guidance: {fuzzy_prompt: 0}\n" + text)
    assert told.startswith("4:62: shots.b.guidance.rand_mag: this")


@pytest.mark.parametrize(
    "text",
    ["camera: {mode: 2d}\nmodels: {depth: starter}\n", "camera: {fov: 60, zoom: 1.02}\n"],
)
def test_two_eyes_see_depth_through_the_lens_whatever_the_camera_does(
    tmp_path: Path, text: str
) -> None:
    assert [one for one in warnings(tmp_path, BASE + text) if "no effect" in one]
    for eyes in ("output: {stereo: {}}\n", "outputs: [{file: a.mp4, stereo: {ipd: 3}}]\n"):
        assert not [one for one in warnings(tmp_path, BASE + text + eyes) if "no effect" in one]

"""Scene files: what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from keyframes.timebase import Tempo, Timebase
from pipeline.catalogue.presets import PRESETS
from pipeline.errors import SceneError
from pipeline.scene.load import ScenePreset, load_scene
from pipeline.scene.reading.skip_steps import Skip, SkipSteps
from pipeline.spec.step_schedule import StepSchedule
from tests.media import write_silence
from tests.pipeline.scene_files import BASE, complaints, load, write

WHOLE = """\
video:    {size: [768, 448], fps: 24, duration: 16 bars}
music:    {file: pulse.ogg, bpm: 120, first_beat: 0.5}
seed: 7
models:   {preset: starter}
prompts:
  0s: "a lighthouse in a storm, oil painting"
  bar 5: [{text: "a castle at dawn", weight: 1}, {text: "fog", weight: -0.3}]
  blend: 2 beats
camera:
  mode: 3d
  fov: 40
  translate_z: {0s: 2, bar 5: {value: 10, ease: in_out}}
  roll: "0.3 * sin(2*pi*beat/8)"
  zoom: "0: (1.0), 96: (1.04)"
sampler:  {name: ddim, steps: 250, skip_steps: {first: 10, then: 60%}, eta: 0.8}
guidance:
  clip_guidance_scale: 5000
  cutn_batches: 1
  tv_scale: 0
  range_scale: 150
  cut_overview: {0: 12, 0.4: 4}
output:   {file: lighthouse.mp4, crf: 17}
"""


def test_a_whole_scene_is_understood(tmp_path: Path) -> None:
    write_silence(tmp_path / "pulse.ogg", 0.1)
    scene = load(tmp_path, WHOLE)
    assert scene.timebase == Timebase(Fraction(24), Tempo(120, 0.5, 4)).within(0, 768)
    assert scene.frame_count == 16 * 48
    assert scene.video.size == (768, 448)
    assert scene.video.title == "scene"
    assert scene.music.file == (tmp_path / "pulse.ogg").resolve()
    assert scene.seed(0) == 7
    assert [prompt.text for prompt in scene.prompts(0)] == ["a lighthouse in a storm, oil painting"]
    fifth_bar = 12 + 4 * 48
    assert scene.camera.translate_z(fifth_bar) == 10
    assert scene.camera.roll(12 + 24 * 1) == pytest.approx(0.3 * np.sin(np.pi / 2))
    assert scene.camera.zoom(48) == pytest.approx(1.02)
    assert scene.camera.padding is None
    assert scene.sampler.skip_steps == SkipSteps(Skip(10), Skip(Fraction(3, 5), is_share=True))
    assert scene.guidance.cut_overview == StepSchedule(((0.0, 12.0), (0.4, 4.0)))
    assert scene.output.file == "lighthouse.mp4"


def test_a_short_scene_gets_the_settings_of_its_preset(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE)
    sampler, guidance = (
        PRESETS["starter"].defaults["sampler"],
        PRESETS["starter"].defaults["guidance"],
    )
    assert scene.sampler.steps == sampler["steps"]
    assert scene.guidance.clip_guidance_scale(0) == guidance["clip_guidance_scale"]
    assert scene.video.fps == 24
    assert scene.output.file == "scene.mp4"
    assert scene.music.file is None
    assert scene.timebase.tempo is None


def test_what_the_author_writes_is_above_the_preset(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE + "sampler: {steps: 5}\nguidance: {clamp_max: {0: 0, 24: 1}}\n")
    assert scene.sampler.steps == 5
    assert scene.sampler.eta(0) == PRESETS["starter"].defaults["sampler"]["eta"]
    assert scene.guidance.clamp_max(12) == 0.5


@pytest.mark.parametrize(
    ("guidance", "scale", "most", "times"),
    [
        ("cfg_scale: 0", 3000, 0.5, (2, 1)),
        ("cfg_scale: 0.0, clamp_max: 0.2", 3000, 0.2, (2, 1)),
        ("cfg_scale: 0, recurrence: 3", 3000, 0.5, (3, 3)),
        ("cfg_scale: {0: 0, 24: 1}", 300, 0.05, (1, 1)),
        ("cfg_scale: 1", 300, 0.05, (1, 1)),
    ],
)
def test_without_prompts_clip_has_a_firmer_hand(
    tmp_path: Path, guidance: str, scale: float, most: float, times: tuple[int, int]
) -> None:
    found = load(tmp_path, BASE + f"guidance: {{{guidance}}}\n").guidance
    assert (found.clip_guidance_scale(0), found.clamp_max(0)) == (scale, most)
    assert (found.recurrence(0.49), found.recurrence(0.5)) == times
    assert found.discover(0) == PRESETS["starter"].defaults["guidance"]["discover"]


def test_a_scene_cannot_be_changed(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE)
    with pytest.raises(ValueError, match="frozen"):
        scene.seed = 8


@pytest.mark.parametrize(
    ("video", "frames"),
    [
        ("{size: [64, 64], duration: 1:30}", 90 * 24),
        ("{size: [64, 64], duration: 2s, fps: 12.5}", 25),
        ("{size: [64, 64], duration: 1s, fps: 30000/1001}", 30),
        ("{size: [64, 64], duration: 10s, fps: 23.976}", 240),
        ("{size: [64, 64], duration: 7}", 7),
        ("{size: [64, 64], n_batches: 3}", 3),
    ],
)
def test_length_of_a_scene(tmp_path: Path, video: str, frames: int) -> None:
    assert load(tmp_path, f"video: {video}\nprompts: a castle\n").frame_count == frames


def test_one_minute_thirty_is_not_ninety_frames_at_a_prompt(tmp_path: Path) -> None:
    text = "video: {size: [64, 64], duration: 2:00}\nprompts: {0: a castle, 1:30: the sea}\n"
    scene = load(tmp_path, text)
    assert [scene.prompts(frame)[0].text for frame in (90 * 24 - 1, 90 * 24)] == [
        "a castle",
        "the sea",
    ]


@pytest.mark.parametrize(
    ("written", "skip"),
    [
        ("10", SkipSteps(Skip(10), Skip(10), first_needs_picture=True)),
        (
            "60%",
            SkipSteps(
                Skip(Fraction(3, 5), is_share=True),
                Skip(Fraction(3, 5), is_share=True),
                first_needs_picture=True,
            ),
        ),
        ("{first: 12.5%}", SkipSteps(Skip(Fraction(1, 8), is_share=True))),
        ("{then: 4}", SkipSteps(Skip(0), Skip(4))),
    ],
)
def test_skip_steps(tmp_path: Path, written: str, skip: SkipSteps) -> None:
    scene = load(tmp_path, BASE + f"sampler: {{steps: 25, skip_steps: {written}}}\n")
    assert scene.sampler.skip_steps == skip


@pytest.mark.parametrize("then", ['"15 - 5 * (frame > 2)"', '"0: (15), 2: (15), 3: (10)"'])
def test_the_steps_left_out_of_frames_that_grow_may_move_by_a_formula(
    tmp_path: Path, then: str
) -> None:
    scene = load(tmp_path, BASE + f"sampler: {{steps: 25, skip_steps: {{then: {then}}}}}\n")
    skipped = scene.sampler.skip_steps.then.over(25, np.arange(5.0))
    assert skipped == [15, 15, 15, 10, 10]


def test_a_share_of_the_steps_is_exact() -> None:
    assert Skip(Fraction(58, 100), is_share=True).of(100) == 58
    assert Skip(Fraction(1, 2), is_share=True).of(25) == 12


def test_angle_is_another_name_of_roll(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE + "camera: {mode: 2d, angle: 5}\n")
    assert scene.camera.roll(0) == 5


@dataclass(frozen=True)
class OtherPreset:
    size_multiple: int = 64
    defaults: Mapping[str, Mapping[str, object]] = field(
        default_factory=lambda: {"sampler": {"steps": 7}, "guidance": {"tv_scale": 3}}
    )


def test_presets_say_which_sizes_fit_and_what_holds_by_default(tmp_path: Path) -> None:
    presets: dict[str, ScenePreset] = {"grand": OtherPreset(), "starter": PRESETS["starter"]}
    path = write(tmp_path, BASE.replace("[96, 96]", "[64, 64]") + "models: {preset: grand}\n")
    scene = load_scene(path, presets)
    assert scene.models.preset == "grand"
    assert scene.sampler.steps == 7
    assert scene.guidance.tv_scale(0) == 3
    path = write(tmp_path, BASE.replace("[96, 96]", "[96, 64]") + "models: {preset: grand}\n")
    with pytest.raises(SceneError) as caught:
        load_scene(path, presets)
    assert str(caught.value) == (
        f"{path}:1:15: video.size: found [96, 64]; the models ask for multiples of 64,"
        " and [64, 64] and [128, 64] fit"
    )


@pytest.mark.parametrize(
    ("output", "video"),
    [
        ("{crf: 20}", (512, 384)),
        ("{upscale: lanczos}", (64, 48)),
        ("{size: [640, 360]}", (640, 360)),
        ("{scale: 2.5}", (160, 120)),
        ("{upscale: none}", (64, 48)),
    ],
)
def test_size_of_the_video(tmp_path: Path, output: str, video: tuple[int, int]) -> None:
    scene = load(tmp_path, BASE + f"output: {output}\n")
    assert scene.output.video_size((64, 48)) == video


@pytest.mark.parametrize(
    ("frame", "video"),
    [((96, 64), (768, 512)), ((128, 128), (1024, 1024)), ((192, 128), (960, 640)),
     ((768, 448), (768, 448)), ((2048, 1024), (2048, 1024))],
)  # fmt: skip
def test_the_upscaler_goes_up_to_1024_pixels(
    tmp_path: Path, frame: tuple[int, int], video: tuple[int, int]
) -> None:
    assert load(tmp_path, BASE).output.video_size(frame) == video


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: the file is empty; write at least `video` and `prompts`"),
        ("- a\n- b\n", "1:1: expected settings such as video: and prompts:, found a list"),
        ("hello", '1:1: expected settings such as video: and prompts:, found "hello"'),
        (
            "video: {size: [64, 64]\nseed: 1\n",
            '2:1: expected "," or "}" here: the bracket opened in line 1, column 8 is not closed',
        ),
    ],
)
def test_files_that_are_no_scene(tmp_path: Path, text: str, problem: str) -> None:
    assert complaints(tmp_path, text) == [problem]


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_bytes(b"video:\n  title: caf\xe9\n")
    with pytest.raises(SceneError) as caught:
        load_scene(path)
    assert str(caught.value) == (
        f"{path}:2:13: this is not UTF-8 text; save the scene as a UTF-8 text file"
    )


def test_windows_text_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert load_scene(path).frame_count == 48

"""Scene files: what they mean, and what is said about each mistake, with its line and column."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from keyframes.timebase import Tempo, Timebase
from pipeline.errors import Error, SceneError
from pipeline.load import load_scene
from pipeline.models.registry import PRESETS
from pipeline.scene import Scene
from pipeline.skip_steps import Skip, SkipSteps

VIDEO = "video: {size: [64, 64], duration: 48}\n"
BASE = VIDEO + "prompts: a castle\n"


def write(folder: Path, text: str, name: str = "scene.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str) -> Scene:
    return load_scene(write(folder, text))


def complaints(folder: Path, text: str) -> list[str]:
    """What is wrong with a scene, as `line:column path: message`."""
    path = write(folder, text)
    with pytest.raises(SceneError) as caught:
        load_scene(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


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
    (tmp_path / "pulse.ogg").touch()
    scene = load(tmp_path, WHOLE)
    assert scene.timebase == Timebase(Fraction(24), Tempo(120, 0.5, 4))
    assert scene.frame_count == 16 * 48
    assert scene.video.size == (768, 448)
    assert scene.video.title == "scene"
    assert scene.music.file == (tmp_path / "pulse.ogg").resolve()
    assert scene.seed == 7
    assert [prompt.text for prompt in scene.prompts(0)] == ["a lighthouse in a storm, oil painting"]
    fifth_bar = 12 + 4 * 48
    assert scene.camera.translate_z(fifth_bar) == 10
    assert scene.camera.roll(12 + 24 * 1) == pytest.approx(0.3 * np.sin(np.pi / 2))
    assert scene.camera.zoom(48) == pytest.approx(1.02)
    assert scene.camera.padding is None
    assert scene.sampler.skip_steps == SkipSteps(Skip(10), Skip(Fraction(3, 5), is_share=True))
    assert scene.guidance.cut_overview == ((0.0, 12.0), (0.4, 4.0))
    assert scene.output.file == "lighthouse.mp4"


def test_a_short_scene_gets_the_settings_of_its_preset(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE)
    sampler, guidance = PRESETS["starter"].defaults["sampler"], PRESETS["starter"].defaults["guidance"]
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


def test_a_scene_cannot_be_changed(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE)
    with pytest.raises(ValueError, match="frozen"):
        scene.seed = 8  # type: ignore[misc]


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
    assert [scene.prompts(frame)[0].text for frame in (90 * 24 - 1, 90 * 24)] == ["a castle", "the sea"]


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


def test_a_share_of_the_steps_is_exact() -> None:
    assert Skip(Fraction(58, 100), is_share=True).of(100) == 58
    assert Skip(Fraction(1, 2), is_share=True).of(25) == 12


def test_angle_is_another_name_of_roll(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE + "camera: {mode: 2d, angle: 5}\n")
    assert scene.camera.roll(0) == 5


# Each case: what is added to a good scene (in line 3 and on), and what is said about it.
ADDED = {
    "wrong type": (
        "camera: {zoom: big}",
        '3:16 camera.zoom: unknown name "big"',
    ),
    "unknown key": (
        "camera: {zom: 1}",
        '3:10 camera.zom: unknown key (did you mean "zoom"?); allowed: mode, fov, projection,'
        " padding, sampling, translate_x, translate_y, translate_z, rotate_x, rotate_y, roll, zoom",
    ),
    "unknown section": (
        "shots: []",
        '3:1 shots: unknown key; allowed: video, music, models, seed, prompts, camera,'
        " sampler, guidance, output",
    ),
    "a number for a key": (
        "output: {5: 1}",
        "3:10 output.5: unknown key; allowed: file, crf, preset, size, scale, upscale,"
        " display_rate",
    ),
    "two names for one": (
        "camera: {roll: 1, angle: 2}",
        "3:19 camera.angle: angle is another name of roll; keep one of them",
    ),
    "an empty section": (
        "camera:",
        "3:8 camera: expected a mapping of settings, found nothing; allowed keys: mode, fov,"
        " projection, padding, sampling, translate_x, translate_y, translate_z, rotate_x,"
        " rotate_y, roll, zoom",
    ),
    "a list for a section": (
        "models: [starter]",
        "3:9 models: expected a mapping of settings, found a list; allowed keys: preset",
    ),
    "unknown preset": (
        "models: {preset: startr}",
        '3:18 models.preset: expected starter, found "startr" (did you mean "starter"?)',
    ),
    "seed": ("seed: -1", "3:7 seed: found -1; allowed: from 0 to 9223372036854775807"),
    "a decimal seed": (
        "seed: 1.5",
        "3:7 seed: expected a whole number from 0 to 9223372036854775807, found 1.5",
    ),
    "choice": (
        "camera: {projection: pinhol}",
        '3:22 camera.projection: expected pinhole or disco, found "pinhol" (did you mean'
        ' "pinhole"?)',
    ),
    "a boolean for a choice": (
        "camera: {padding: true}",
        "3:19 camera.padding: expected wrap, border, reflection or zeros, found true",
    ),
    "a constant out of range": ("camera: {zoom: 0}", "3:16 camera.zoom: zoom is 0; allowed: above 0 and 100 or less"),
    "a curve out of range": (
        "camera: {zoom: {0: 1, 40: -0.5}}",
        "3:16 camera.zoom: zoom is -0.0125 at frame 27 (1.12 s); allowed: above 0 and 100 or less",
    ),
    "a formula out of range": (
        'sampler: {eta: "0.5 + t"}',
        "3:16 sampler.eta: eta is 1.04167 at frame 13 (0.54 s); allowed: from 0 to 1",
    ),
    "depth in 2d": (
        "camera: {mode: 2d, rotate_y: 1}",
        "3:30 camera.rotate_y: rotate_y needs depth: write mode: 3d, or remove it",
    ),
    "skip all": (
        "sampler: {steps: 10, skip_steps: 10}",
        "3:34 sampler.skip_steps: found 10, which leaves none of the 10 steps; skip at most 9 of"
        " them",
    ),
    "skip all by share": (
        "sampler: {steps: 10, skip_steps: {first: 3, then: 100%}}",
        '3:51 sampler.skip_steps.then: found "100%", which leaves none of the 10 steps; skip at'
        " most 9 of them",
    ),
    "skip form": (
        "sampler: {skip_steps: half}",
        '3:23 sampler.skip_steps: expected a whole number of steps, 0 or more, or a share such as'
        ' "60%", found "half"',
    ),
    "skip key": (
        "sampler: {skip_steps: {frist: 3}}",
        '3:24 sampler.skip_steps.frist: unknown key (did you mean "first"?); allowed: first, then',
    ),
    "on for true": (
        "sampler: {clip_denoised: on}",
        '3:26 sampler.clip_denoised: expected true or false, found "on"; write true',
    ),
    "no for false": (
        "sampler: {clip_denoised: no}",
        '3:26 sampler.clip_denoised: expected true or false, found "no"; write false',
    ),
    "one for true": (
        "sampler: {clip_denoised: 1}",
        "3:26 sampler.clip_denoised: expected true or false, found 1; write true or false",
    ),
    "two thresholds": (
        "sampler: {clip_denoised: true, dynamic_threshold: 0.9}",
        "3:51 sampler.dynamic_threshold: clip_denoised already settles this; remove clip_denoised"
        " or dynamic_threshold",
    ),
    "no cutouts": (
        "guidance: {cut_overview: {0: 4, 0.5: 0}, cut_innercut: {0: 0, 0.2: 2, 0.6: 0}}",
        "3:56 guidance.cut_innercut: cut_overview and cut_innercut are both 0 at progress 0.6;"
        " CLIP needs a cutout to see",
    ),
    "half a cutout": (
        "guidance: {cut_overview: {0: 1.5}}",
        "3:30 guidance.cut_overview.0: expected a whole number from 0 to 256, found 1.5",
    ),
    "cutouts by step": (
        "guidance: {cut_overview: {0: 4, 400: 0}}",
        "3:33 guidance.cut_overview.400: a progress is a number from 0 (noise) to below 1 (picture),"
        " found 400",
    ),
    "no first cutouts": (
        "guidance: {cut_icgray_p: {0.4: 0}}",
        '3:27 guidance.cut_icgray_p: no value at the beginning; add one with the progress "0"',
    ),
    "a share above 1": (
        "guidance: {cut_icgray_p: 2}",
        "3:26 guidance.cut_icgray_p: expected a number from 0 to 1, found 2",
    ),
    "bpm": (
        "music: {bpm: auto}",
        '3:14 music.bpm: expected a number of beats a minute, from 20 to 400; found "auto"',
    ),
    "bpm out of range": ("music: {bpm: 500}", "3:14 music.bpm: found 500; allowed: from 20 to 400"),
    "no bpm": (
        "music: {first_beat: 2}",
        "3:20 music.first_beat: first_beat needs bpm; add it, or remove this",
    ),
    "a folder for the output": (
        "output: {file: ../x.mp4}",
        '3:16 output.file: expected a name without folders that ends in ".mp4", found "../x.mp4"',
    ),
    "size and scale": (
        "output: {size: [640, 480], scale: 2}",
        "3:35 output.scale: size already settles this; remove size or scale",
    ),
    "bars without a tempo": (
        "camera: {zoom: {0: 1, bar 2: 2}}",
        '3:23 camera.zoom.bar 2: "bar 2" needs a tempo; set `music.bpm`',
    ),
}


@pytest.mark.parametrize(("added", "problem"), ADDED.values(), ids=ADDED.keys())
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, added: str, problem: str) -> None:
    assert complaints(tmp_path, BASE + added + "\n") == [problem]


VIDEOS = {
    "size not positive": (
        "{size: [0, 64], duration: 1s}",
        "1:15 video.size: found [0, 64]; each side is from 1 to 4096 pixels",
    ),
    "size as text": (
        "{size: 64x64, duration: 1s}",
        '1:15 video.size: expected [width, height] in whole pixels, found "64x64"',
    ),
    "size in decimals": (
        "{size: [64.5, 64], duration: 1s}",
        "1:15 video.size: expected [width, height] in whole pixels, found [64.5, 64]",
    ),
    "size between multiples": (
        "{size: [770, 448], duration: 1s}",
        "1:15 video.size: found [770, 448]; the models ask for multiples of 16, and [768, 448] and"
        " [784, 448] fit",
    ),
    "size below a multiple": (
        "{size: [8, 40], duration: 1s}",
        "1:15 video.size: found [8, 40]; the models ask for multiples of 16, and [16, 48] fits",
    ),
    "no size": ("{duration: 1s}", "1:1 video.size: this is missing, and a scene needs it"),
    "no length": (
        "{size: [64, 64]}",
        "1:1 video.duration: write duration (a video, such as 16 bars) or n_batches (stills)",
    ),
    "two lengths": (
        "{size: [64, 64], n_batches: 3, duration: 1s}",
        "1:42 video.duration: write duration (a video) or n_batches (stills), not both",
    ),
    "a time for a length": (
        "{size: [64, 64], duration: bar 9}",
        '1:28 video.duration: a duration is a number of frames such as 96, or "16 bars",'
        ' "2 beats", "4s", "250ms" or "1:30"; found "bar 9", which is a time',
    ),
    "bars without a tempo": (
        "{size: [64, 64], duration: 2 bars}",
        '1:28 video.duration: "2 bars" needs a tempo; set `music.bpm`',
    ),
    "no frames": (
        "{size: [64, 64], duration: 10ms}",
        '1:28 video.duration: "10ms" is 0.24 frames; a video has from 1 to 1000000 frames',
    ),
    "frame rate": (
        "{size: [64, 64], duration: 1s, fps: fast}",
        '1:37 video.fps: a frame rate is a number above 0 such as 24 or 29.97, or a ratio such as'
        ' "30000/1001"; found "fast"',
    ),
    "frame rate too high": (
        "{size: [64, 64], duration: 1s, fps: 1000}",
        "1:37 video.fps: found 1000; allowed: above 0 and 240 or less frames a second",
    ),
    "title": (
        '{size: [64, 64], duration: 1s, title: ""}',
        '1:39 video.title: expected a text in one line, found ""',
    ),
}


@pytest.mark.parametrize(("video", "problem"), VIDEOS.values(), ids=VIDEOS.keys())
def test_a_mistaken_video(tmp_path: Path, video: str, problem: str) -> None:
    assert complaints(tmp_path, f"video: {video}\nprompts: a castle\n") == [problem]


def test_stills_have_no_camera(tmp_path: Path) -> None:
    text = "video: {size: [64, 64], n_batches: 2}\nprompts: a castle\ncamera: {zoom: 2}\n"
    assert complaints(tmp_path, text) == [
        "3:9 camera: n_batches makes stills: remove camera, or write duration for a video"
    ]


def test_missing_files(tmp_path: Path) -> None:
    text = BASE + "sampler: {init_image: start.png}\nmusic: {file: .}\n"
    folder = tmp_path.resolve()
    assert complaints(tmp_path, text) == [
        f'3:23 sampler.init_image: "{folder}/start.png" does not exist; names are relative to the'
        " scene file",
        f'4:15 music.file: "{folder}" is a folder, not a file; names are relative to the scene'
        " file",
    ]


def test_prompts_that_sum_to_nothing(tmp_path: Path) -> None:
    text = VIDEO + (
        "prompts:\n"
        "  0: a castle\n"
        "  1s: [{text: fog, weight: 1}, {text: rain, weight: -1}]\n"
    )
    assert complaints(tmp_path, text) == [
        "4:7 prompts.1s: the weights of the prompts at 1s sum to 0 (1, -1); change one, so that"
        " they do not cancel"
    ]


def test_a_key_after_the_end(tmp_path: Path) -> None:
    text = BASE + "camera: {zoom: {0: 1, 2s: 1.1}}\n"
    (complaint,) = complaints(tmp_path, text)
    assert complaint.startswith("3:23 camera.zoom.2s: ")
    assert "after the last frame (47)" in complaint


def test_a_formula_is_marked_at_its_column(tmp_path: Path) -> None:
    (complaint,) = complaints(tmp_path, BASE + 'camera: {roll: "2 * sinn(t)"}\n')
    assert complaint.startswith("3:21 camera.roll: ")
    assert 'did you mean "sin"?' in complaint


def test_beat_without_a_tempo(tmp_path: Path) -> None:
    (complaint,) = complaints(tmp_path, BASE + "camera:\n  roll: 3 * beat\n")
    assert complaint.startswith("4:13 camera.roll: ")
    assert "music.bpm" in complaint


def test_a_formula_that_is_not_finite(tmp_path: Path) -> None:
    (complaint,) = complaints(tmp_path, BASE + "camera: {roll: 1/(frame - 12)}\n")
    assert complaint.startswith("3:16 camera.roll: ")
    assert "is not a finite number at frame 12" in complaint


EVERYTHING_WRONG = """\
# nothing here is right
video:
  size: [60, 64]
  fps: fast
  duration: 4s
music: {bpm: auto}
models: {preset: grand}
seed: on
prompts:
  0s: [{text: fog, weight: 1}, {text: rain, weight: -1}]
  bar x: the sea
camera:
  zom: 1
  roll: 2 * sinn(t)
  padding: wrapp
sampler: {steps: many, init_image: no.png}
sampler: {steps: 5}
guidance:
  cutn_batches: 0
output: !video {crf: 99}
"""


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    said = complaints(tmp_path, EVERYTHING_WRONG)
    assert [line.split(": ")[0] for line in said] == [
        "4:8 video.fps",
        "6:13 music.bpm",
        "7:18 models.preset",
        "8:7 seed",
        "10:7 prompts.0s",
        "11:3 prompts.bar x",
        "13:3 camera.zom",
        "14:13 camera.roll",
        "15:12 camera.padding",
        "16:18 sampler.steps",
        "16:36 sampler.init_image",
        "17:1 sampler",
        "19:17 guidance.cutn_batches",
        "20:9 tags such as \"!video\" are not read; write the plain value",
        "20:22 output.crf",
    ]


def test_a_mistaken_clock_makes_no_other_mistakes(tmp_path: Path) -> None:
    text = (
        "video: {size: [64, 64], duration: 16 barss}\n"
        "music: {bpm: auto}\n"
        "prompts: {bar 1: a castle, bar 300: the sea, blend: 2 beats}\n"
        "camera: {roll: beat * progress, zoom: {0: 1, 90s: 2}}\n"
    )
    assert [line.split(": ")[0] for line in complaints(tmp_path, text)] == ["2:14 music.bpm"]


def test_missing_sections(tmp_path: Path) -> None:
    assert complaints(tmp_path, "# nothing yet\nseed: 1\n") == [
        "2:1 prompts: this is missing, and a scene needs it",
        "2:1 video: this is missing, and a scene needs it",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: the file is empty; write at least `video` and `prompts`"),
        ("- a\n- b\n", "1:1: expected settings such as video: and prompts:, found a list"),
        ("hello", '1:1: expected settings such as video: and prompts:, found "hello"'),
        ("video: {size: [64, 64]\nseed: 1\n", "2:5: "
         'expected "," or "}" here: the bracket opened in line 1, column 8 is not closed'),
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


def test_no_such_file(tmp_path: Path) -> None:
    path = tmp_path / "no.yaml"
    with pytest.raises(Error) as caught:
        load_scene(path)
    assert str(caught.value) == (
        f"{path}: there is no such scene file; check the name and the folder"
    )


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Error) as caught:
        load_scene(tmp_path)
    assert str(caught.value) == f"{tmp_path}: this scene file cannot be read: Is a directory"

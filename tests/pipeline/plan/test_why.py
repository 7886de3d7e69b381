"""Why a setting has its value on a frame: keys, formulas, presets, and what else had a hand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pipeline.errors import Error
from pipeline.plan.make import make_plan
from pipeline.plan.reasons import Reason
from pipeline.plan.why import Answer, why
from pipeline.plan.why_setting import setting_names
from pipeline.scene.load import read_scene
from tests.pipeline.scene.paths.made_paths import winding, write_path
from tests.pipeline.scene_files import write, write_picture

SCENES = Path(__file__).parents[3] / "scenes"

SCENE = """\
video: {size: [96, 64], fps: 12, duration: 24s}
music: {bpm: 120}
prompts:
  0s: "a castle"
  6s: ["a ship", {text: "snow", weight: 0.5}]
  bar 6: a tree
  blend: 2s
camera:
  translate_z: {0s: 2, bar 5: {value: 10, ease: in_out}}
  angle: "0.3 * sin(2*pi*beat/8)"
  zoom: "0: (1.0), 96: (1.02)"
  fov: {1s: 40, 3.04s: {value: 50, ease: hold}}
sampler: {steps: 10, strength: {then: "0.5 * beat_pulse(release=0.1)"}, cross_fade: open}
guidance:
  init_hold: {then: 0.8, fade: 0.1}
  cut_overview: {0%: 4, 40%: 2}
  repaint: {holes: 1, prompts: 0.4}
"""

SHOTS = """\
video: {size: [96, 64], fps: 12, duration: 4s}
prompts: a castle
camera: {mode: 2d, zoom: 1.01}
shots:
  - {name: a, until: 2s}
  - {name: b, enter: {fade: 5}, camera: {zoom: {start: 1.02, end: 1.04}}}
"""


def answers(folder: Path, text: str, frame: int, name: str) -> list[Answer]:
    read = read_scene(write(folder, text))
    return list(why(read, make_plan(read.scene), frame, name))


def told(folder: Path, text: str, frame: int, name: str) -> list[str]:
    """The one answer as lines: reasons with their places, indented, then notes."""
    (answer,) = answers(folder, text, frame, name)
    return [answer.words, *lines(answer.reasons), *(f"! {note}" for note in answer.notes)]


def lines(reasons: Iterable[Reason], depth: int = 1) -> Iterator[str]:
    for reason in reasons:
        place = reason.place and f" @{reason.place.line}:{reason.place.column}"
        yield f"{'  ' * depth}{reason.words}{place or ''}"
        yield from lines(reason.inner, depth + 1)


def test_a_curve_tells_the_keys_around_the_frame(tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, 48, "camera.translate_z") == [
        "camera.translate_z is 6 at frame 48 (0:04, bar 3)",
        "  6 by a curve of 2 keys @9:16",
        "    0s, frame 0 (0:00, bar 1): 2 @9:17",
        "    bar 5, frame 96 (0:08, bar 5): 10, arrived at by in_out @9:24",
        "    0.5 of the way, by the ease 0.5: 2 + 0.5 * (10 - 2)",
    ]


def test_the_old_notation_has_keys_without_places(tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, 24, "camera.zoom")[1:] == [
        "  1.005 by a curve of 2 keys @11:9",
        "    frame 0 (0:00, bar 1): 1",
        "    frame 96 (0:08, bar 5): 1.02, arrived at by linear",
        "    0.25 of the way: 1 + 0.25 * (1.02 - 1)",
    ]


@pytest.mark.parametrize(
    ("frame", "value", "said"),
    [
        (6, 40, "before its first key a curve holds the first value"),
        (20, 40, "0.3268 of the way; hold stays at 40 up to the key"),
        (37, 50, "after its last key a curve holds the last value"),
    ],
)
def test_where_a_curve_holds_it_says_so(tmp_path: Path, frame: int, value: int, said: str) -> None:
    answer = told(tmp_path, SCENE, frame, "camera.fov")
    assert answer[0].startswith(f"camera.fov is {value} at frame {frame} ")
    assert f"    {said}" in answer


def test_a_jump_takes_effect_on_the_nearest_frame_and_a_warp_has_one_field_of_view(
    tmp_path: Path,
) -> None:
    assert told(tmp_path, SCENE, 36, "camera.fov")[-2:] == [
        "    after its last key a curve holds the last value",
        "! the way from the last painted frame is one warp of 3 motions, with the field of view of "
        "its first",
    ]


def test_a_formula_tells_what_it_hears(tmp_path: Path) -> None:
    """Under the name that the setting has in the file, too: `angle`."""
    assert told(tmp_path, SCENE, 12, "camera.roll") == [
        "camera.roll is 0.3 at frame 12 (0:01, bar 1.5)",
        '  0.3 by the formula "0.3 * sin(2*pi*beat/8)" @10:10',
        "    beat = 2",
    ]


def test_prompts_tell_their_keys_and_how_far_they_have_come(tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, 78, "prompts") == [
        "prompts are 0.75 a castle + 0.167 a ship + 0.0833 snow at frame 78 (0:06.50, bar 4.25)",
        "  0.75 of it is still a castle, from the first frame on @4:3",
        "  0.25 of it is already 0.667 a ship + 0.333 snow, since 6s, frame 72 (0:06, bar 4) @5:3",
        "  they fade over 24 frames, up to frame 96 (0:08, bar 5), by blend: 2s @7:10",
        "  next: a tree, from frame 120 (0:10, bar 6) on",
    ]
    assert told(tmp_path, SCENE, 200, "prompts")[1:] == [
        "  a tree, since bar 6, frame 120 (0:10, bar 6) @6:3"
    ]


def test_a_fade_of_prompts_opens_what_says_so(tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, 78, "guidance.init_hold") == [
        "guidance.init_hold is 0.45 at frame 78 (0:06.50, bar 4.25)",
        "  then, of frames that grow from another one: 0.8 @15:21",
        "  fade, of those while prompts change: 0.1 @15:32",
        "  prompts change here, which opens it by 0.5: (1 - 0.5) * 0.8 + 0.5 * 0.1",
    ]
    assert told(tmp_path, SCENE, 78, "guidance.repaint.prompts")[1:] == [
        "  0.4 @17:32",
        "  times 0.5, as far as prompts change here",
    ]


def test_strength_stands_over_skip_steps(tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, 78, "sampler.strength") == [
        "sampler.strength is 0.8 at frame 78 (0:06.50, bar 4.25)",
        "  strength then, of frames that grow from another one: 5 of 10 steps are left out @13:39",
        '    0.5 by the formula "0.5 * beat_pulse(release=0.1)"',
        "      beat_pulse(release=0.1) = 1",
        "  skip_steps fade, of those while prompts change: 0 of 10 steps are left out",
        '    not written; the preset starter has {first: 0, then: "70%", fade: 0}',
        "  prompts change here, which opens it by 0.5: (1 - 0.5) * 5 + 0.5 * 0",
    ]
    assert told(tmp_path, SCENE, 0, "sampler.skip_steps")[1:] == [
        "  skip_steps first, of frames that start anew: 0 of 10 steps are left out",
        '    not written; the preset starter has {first: 0, then: "70%", fade: 0}',
    ]


def test_what_nobody_wrote_is_the_presets_or_the_default(tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, 78, "guidance.cfg_scale")[1:] == [
        "  not written; the preset starter has 2.5"
    ]
    assert told(tmp_path, SCENE, 78, "guidance.rand_mag")[1:] == [
        "  not written; the default is 0.11"
    ]
    assert told(tmp_path, SCENE, 78, "guidance.repaint.stretch")[1:] == [
        "  0, as repaint is {holes: 1, prompts: 0.4} @17:12"
    ]


def test_what_a_preset_has_where_clip_paints_alone_is_told(tmp_path: Path) -> None:
    alone = SCENE.replace("guidance:", "guidance:\n  cfg_scale: 0", 1)
    assert told(tmp_path, alone, 78, "guidance.clamp_max")[1:] == [
        "  not written; the preset starter has 0.5"
    ]


@pytest.mark.parametrize(
    ("written", "setting", "told_of_it"),
    [
        ("sampler: {name: lcm}", "sampler.spacing", 'has "trailing", which gives way here'),
        ("sampler: {name: ddim}", "sampler.spacing", 'has "trailing"'),
        (
            "sampler: {dynamic_threshold: 0.98}",
            "sampler.clip_denoised",
            "has true, which gives way here",
        ),
        ("models: {preset: sd15}", "models.secondary", "sd15 has none"),
        (
            "models: {preset: disco, denoiser: sd15}",
            "guidance.range_scale",
            "has 150, which gives way here",
        ),
    ],
)
def test_a_presets_value_that_gives_way_is_told_as_such(
    tmp_path: Path, written: str, setting: str, told_of_it: str
) -> None:
    scene = f"video: {{size: [64, 64], duration: 4}}\nprompts: a castle\n{written}\n"
    (reason,) = told(tmp_path, scene, 2, setting)[1:]
    assert reason.startswith("  not written; the preset ") and reason.endswith(told_of_it)


def test_settings_that_belong_to_no_frame_are_told_too(tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, 3, "video.fps") == ["video.fps is 12", "  12 @1:30"]
    assert told(tmp_path, SCENE, 3, "models.denoiser") == [
        "models.denoiser is starter",
        "  not written; the default is starter",
    ]
    assert told(tmp_path, SCENE, 78, "guidance.cut_overview")[1:] == [
        "  {0%: 4, 40%: 2} over the denoising of each frame @16:17"
    ]


def test_why_a_setting_is_without_effect_is_told(tmp_path: Path) -> None:
    first = told(tmp_path, SCENE, 0, "camera.zoom")
    assert first[0] == "camera.zoom is without effect at frame 0 (0:00, bar 1)"
    assert first[-1] == (
        "! the frame starts anew: it is the first, so nothing moves to it or is kept"
    )
    assert told(tmp_path, SCENE, 5, "guidance.cfg_scale")[-1] == (
        "! the frame is only moved, and not painted: its strength is 0 here; it shows what was "
        "painted before it"
    )
    rarely = "video: {size: [96, 64], duration: 8}\nprompts: a ship\nsampler: {every: 4}\n"
    assert told(tmp_path, rarely, 5, "prompts")[-1] == (
        "! the frame is not painted, by sampler.every: it shows frame 4 and frame 7, moved"
    )
    let_go = SCENE.replace("fade: 0.1", "fade: 0")
    assert told(tmp_path, let_go, 96, "camera.zoom")[-1] == (
        "! the frame takes all its steps: it starts from noise alone, and keeps nothing"
    )
    assert told(tmp_path, SCENE, 96, "guidance.init_hold")[-1] == (
        "! the frame skips no step: it starts from noise, and keeps to the picture all the same"
    )
    fresh = SCENE.replace("cross_fade: open", "cross_fade: open, noise: fresh")
    assert told(tmp_path, fresh, 78, "sampler.noise_period")[-1] == (
        "! sampler.noise is fresh here: noise turns over a period where it is slow or warped"
    )


def test_the_way_to_a_last_picture_is_counted(tmp_path: Path) -> None:
    write_picture(tmp_path / "last.png")
    ends = SHOTS.replace("until: 2s}", "until: 2s, end: {picture: last.png, over: 6}}")
    assert told(tmp_path, ends.replace("enter: {fade: 5}, ", ""), 22, "sampler.steps")[-1] == (
        "! the shot ends on a picture, 1 frame from here: fewer steps are taken"
    )


def test_a_shot_has_its_own_settings_above_the_scenes(tmp_path: Path) -> None:
    assert told(tmp_path, SHOTS, 5, "camera.zoom") == [
        "camera.zoom is 1.01 at frame 5 (0:00.42), in shot a",
        "  1.01 @3:26",
    ]
    assert told(tmp_path, SHOTS, 26, "camera.zoom") == [
        "camera.zoom is 1.02167 at frame 26 (0:02.17), in shot b",
        "  1.02167 by a curve of 2 keys @6:48",
        "    start, frame 24 (0:02): 1.02 @6:49",
        "    end, frame 48 (0:04): 1.04, arrived at by linear @6:62",
        "    0.08333 of the way: 1.02 + 0.08333 * (1.04 - 1.02)",
        "! in a fade: 0.5 of the video's frame is this shot, the rest is shot a",
    ]


def test_a_section_is_told_setting_by_setting(tmp_path: Path) -> None:
    told_of = [answer.words.split()[0] for answer in answers(tmp_path, SCENE, 3, "camera.offset")]
    names = ("zoom", "x", "y", "roll", "brightness", "saturation")
    assert told_of == [f"camera.offset.{name}" for name in names]


def test_an_unknown_setting_is_told_with_the_near_ones(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r'there is no setting "video.fpd" \(did you mean "video.fps"'):
        answers(tmp_path, SCENE, 3, "video.fpd")


@pytest.mark.slow
@pytest.mark.parametrize("scene", sorted(SCENES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_setting_has_an_answer_in_every_scene(scene: Path) -> None:
    read = read_scene(scene)
    plan = make_plan(read.scene)
    count = read.scene.frame_count
    names = setting_names()
    for frame in (0, 1, count // 3, count // 2 + 2, count - 1):
        given = list(why(read, plan, frame, ",".join(names)))
        assert [answer.words.split()[0] for answer in given] == list(names)
        assert all(answer.reasons for answer in given)


LED = """\
video: {size: [96, 64], fps: 12, duration: 4s}
prompts: "a castle"
camera:
  path: {file: flight.json, fps: 12, scale: 0.5}
  roll: 0.3
  look_at: 1.5
shots: [{name: a, until: 1s}, {name: b, camera: {dolly_zoom: {distance: 2}, look_at: none}},
  {name: c, from: 3s, camera: {orbit: {around: 2, turn: 12}}}]
"""


def test_a_camera_that_is_led_tells_by_what_and_where_it_is_there(tmp_path: Path) -> None:
    write_path(tmp_path, winding(48))
    value, *reasons = told(tmp_path, LED, 6, "camera.roll")
    assert value.startswith("camera.roll is 0.") and value.endswith(" (0:00.50), in shot a")
    assert reasons == [
        '  by path {file: "flight.json", fps: 12, scale: 0.5} @4:9',
        "    from pose 5 to pose 6 of 0 to 47, at a scale of 0.5",
        "  by look_at 1.5 @6:12",
        "    the point at 0, 0, 1.5 stays in the middle",
        "  on top of it, roll: 0.3 @5:9",
    ]
    assert told(tmp_path, LED, 6, "camera.fov")[1:] == reasons[:2]
    assert told(tmp_path, LED, 20, "camera.translate_z")[1:] == [
        "  by dolly_zoom {distance: 2} @7:62",
        "    the subject comes from 2 to 2 units, in a field of 40 degrees",
    ]
    assert told(tmp_path, LED, 42, "camera.rotate_y")[1:] == [
        "  by orbit {around: 2, turn: 12} @8:39",
        "    from 5 to 6 degrees of the turn",
    ]
    assert told(tmp_path, LED, 6, "camera.zoom")[1:] == ["  not written; the default is 1"]

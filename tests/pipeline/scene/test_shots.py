"""Shots: where they stand, what they take from the scene, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.camera import Camera
from pipeline.scene.shot_reading import MOST_SHOTS
from pipeline.scene.shots import Shot
from pipeline.spec.frame import SavedFrame
from pipeline.spec.timeline import Fade
from tests.pipeline.scene_files import complaints, load, write_picture

VIDEO = "video: {size: [64, 64], fps: 12, duration: 4 bars}\nmusic: {bpm: 120}\n"
SHARED = VIDEO + "prompts: a castle\ncamera: {mode: 2d, zoom: 1.01, roll: 2}\nseed: 4\n"


def shots(folder: Path, *written: str, head: str = SHARED) -> tuple[Shot, ...]:
    return load(folder, scene(*written, head=head)).all_shots


def scene(*written: str, head: str = SHARED) -> str:
    return head + "shots:\n" + "".join(f"  - {{{shot}}}\n" for shot in written)


def test_a_scene_without_shots_is_one(tmp_path: Path) -> None:
    read = load(tmp_path, SHARED)
    (only,) = read.all_shots
    assert (only.name, only.first, only.length, only.painted) == ("main", 0, 96, 96)
    assert read.shots == () and only.settings is read


def test_shots_follow_one_another_to_the_end(tmp_path: Path) -> None:
    made = shots(tmp_path, "name: a, until: bar 2", "name: b", "name: c, from: bar 3 beat 3")
    assert [(one.name, one.first, one.length) for one in made] == [
        ("a", 0, 24),
        ("b", 24, 36),
        ("c", 60, 36),
    ]
    assert [one.before for one in made] == [None] * 3


def test_a_shot_has_the_settings_of_the_scene_but_for_its_own(tmp_path: Path) -> None:
    own = "camera: {zoom: 1.05}, seed: 9, prompts: a ship"
    first, second = shots(tmp_path, "name: a, until: bar 2", f"name: b, {own}")
    assert first.settings.camera.zoom(0.0) == 1.01 and first.settings.seed(0) == 4
    assert second.settings.camera.zoom(30.0) == 1.05 and second.settings.seed(30) == 9
    assert second.settings.camera.roll(30.0) == 2.0
    assert [p.text for p in first.settings.prompts(0.0)] == ["a castle"]
    assert [p.text for p in second.settings.prompts(30.0)] == ["a ship"]


def test_the_scene_needs_no_prompts_where_each_shot_has_its_own(tmp_path: Path) -> None:
    made = shots(tmp_path, "name: a, until: 50%, prompts: a", "name: b, prompts: b", head=VIDEO)
    assert [one.settings.prompts(0.0)[0].text for one in made] == ["a", "b"]
    assert complaints(
        tmp_path, scene("name: a, until: 50%", "name: b, prompts: b, seed: -1", head=VIDEO)
    ) == [
        "4:5: shots.0: shot a has no prompts; write them in it, or in the scene for all",
        "5:33: shots.b.seed: found -1; allowed: from 0 to 9223372036854775807",
    ]


def test_one_of_two_settings_that_exclude_each_other_covers_the_scene_s(tmp_path: Path) -> None:
    head = SHARED + "sampler: {skip_steps: 3}\n"
    first, second = shots(
        tmp_path, "name: a, until: 1s", "name: b, sampler: {strength: 0.5}", head=head
    )
    assert first.settings.sampler.strength is None
    assert second.settings.sampler.strength is not None


@pytest.mark.parametrize(
    ("lower", "upper", "gone", "kept"),
    [
        ("fov: 50", "dolly_zoom: {subject: 1.5, fov: {shot 0s: 40, end: 20}}", "fov", "dolly_zoom"),
        ("dolly_zoom: {subject: 1.5, fov: {0s: 40, end: 20}}", "fov: 50", "dolly_zoom", "fov"),
    ],
)
def test_a_lens_and_a_dolly_zoom_that_moves_it_give_way_to_each_other(
    tmp_path: Path, lower: str, upper: str, gone: str, kept: str
) -> None:
    head = f"{VIDEO}prompts: a castle\ncamera: {{{lower}}}\n"
    _, second = shots(tmp_path, "name: a, until: 1s", f"name: b, camera: {{{upper}}}", head=head)
    unwritten = Camera()
    camera = second.settings.camera
    assert getattr(camera, gone) == getattr(unwritten, gone)
    assert getattr(camera, kept) != getattr(unwritten, kept)


def test_depth_by_pictures_and_by_a_network_give_way_to_each_other(tmp_path: Path) -> None:
    write_picture(tmp_path / "stage.png")
    network, pictures = "models: {depth: starter}", "camera: {depth: stage.png}"
    head = f"{VIDEO}prompts: a castle\n"
    for lower, upper in ((network, pictures), (pictures, network)):
        made = shots(tmp_path, "name: a, until: 1s", f"name: b, {upper}", head=f"{head}{lower}\n")
        told = [one.settings.camera.depth is not None for one in made]
        assert told == [lower is pictures, upper is pictures]


def test_a_value_out_of_range_is_told_at_the_frame_of_the_video(tmp_path: Path) -> None:
    own = "name: b, until: bar 4, camera: {zoom: {2s: 1, 4s: -1}}"
    (told,) = complaints(tmp_path, scene("name: a, until: bar 2", own, "name: c"))
    assert "zoom is 0 at frame 36 (0:03, " in told


def test_times_within_a_shot_are_its_own(tmp_path: Path) -> None:
    zoom = "camera: {zoom: {shot 1s: 1, 50%: 2, end: 3}}"
    own = f"name: b, until: bar 4, {zoom}"
    _, second, _ = shots(tmp_path, "name: a, until: bar 2", own, "name: c")
    curve = second.settings.camera.zoom
    assert [curve(frame) for frame in (36.0, 48.0, 72.0)] == [1.0, 2.0, 3.0]


def test_formulas_know_the_time_of_their_shot(tmp_path: Path) -> None:
    head = SHARED.replace("roll: 2", 'roll: "shot_t + 10 * shot_progress"')
    first, second = shots(tmp_path, "name: a, until: bar 2", "name: b", head=head)
    rolls = [one.settings.camera.roll for one in (first, second)]
    assert [rolls[0](0.0), rolls[0](23.0)] == [0.0, 10 + 23 / 12]
    assert [rolls[1](24.0), rolls[1](95.0)] == [0.0, 10 + 71 / 12]


def test_a_shot_continues_or_fades_in(tmp_path: Path) -> None:
    a, b, c = shots(
        tmp_path,
        "name: a, until: bar 2",
        "name: b, until: bar 3, enter: continue",
        "name: c, enter: {fade: 2 beats}",
    )
    assert b.before == SavedFrame(23, "a") and c.before is None
    assert c.fade == Fade("b", start=24, frames=12)
    assert (a.painted, b.painted, c.painted) == (24, 36, 48)


def test_a_loop_fades_over_its_own_end(tmp_path: Path) -> None:
    (only,) = load(tmp_path, SHARED + "loop: true\n").all_shots
    assert only.fade == Fade("main", start=96, frames=6) and only.painted == 102
    a, b = shots(tmp_path, "name: a, until: bar 2, loop: {fade: 3}", "name: b")
    assert a.fade == Fade("a", start=24, frames=3) and (a.painted, b.painted) == (27, 72)


def test_a_looped_scene_of_shots_fades_its_last_into_its_first(tmp_path: Path) -> None:
    a, b = shots(tmp_path, "name: a, until: bar 2", "name: b", head=SHARED + "loop: {fade: 1s}\n")
    assert a.fade == Fade("b", start=72, frames=12) and (a.painted, b.painted) == (24, 84)


def test_a_shot_begins_and_ends_on_pictures(tmp_path: Path) -> None:
    write_picture(tmp_path / "one.png")
    a, b = shots(
        tmp_path,
        "name: a, until: bar 2, start: one.png, end: {picture: one.png, over: 1 beat}",
        "name: b, end: one.png",
    )
    assert a.start == tmp_path / "one.png" and a.end is not None and a.end.frames == 6
    assert b.start is None and b.end is not None and b.end.frames == 24


MISTAKES = {
    "a gap": (
        ("name: a, until: bar 2", "name: b, from: bar 3"),
        "8:21: shots.1.from: shot b begins at frame 48 (0:04, bar 3), and shot a before it ends at "
        "frame 24 (0:02, bar 2): a gap of 24 frames; leave out the until of a or the from of b",
    ),
    "an overlap": (
        ("name: a, until: bar 3", "name: b, from: bar 2"),
        "8:21: shots.1.from: shot b begins at frame 24 (0:02, bar 2), and shot a before it ends at "
        "frame 48 (0:04, bar 3): an overlap of 24 frames; leave out the until of a or the from",
    ),
    "no joint": (
        ("name: a", "name: b"),
        "7:5: shots.0: it is not said when shot a ends and shot b begins; write until in a, or "
        "from in b",
    ),
    "a gap at the start": (
        ("name: a, from: bar 2",),
        "7:21: shots.0.from: shot a, the first, begins at frame 24: a gap of 24 frames before it; "
        "write start, or leave it out",
    ),
    "a gap at the end": (
        ("name: a, until: bar 4",),
        "7:22: shots.0.until: shot a, the last, ends at frame 72, and the video at frame 96: a gap "
        "of 24 frames; leave out its until, or write another shot",
    ),
    "beyond the end": (
        ("name: a, until: bar 9",),
        "7:22: shots.0.until: shot a ends at frame 192, and the video at frame 96; write an "
        "earlier time, or a longer video.duration",
    ),
    "no frame": (
        ("name: a, until: bar 2", "name: b, until: bar 2", "name: c"),
        "8:22: shots.1.until: shot b begins at frame 24 and ends at frame 24, so it has no frame; "
        "write a later time",
    ),
    "one name twice": (
        ("name: sea, until: bar 2", "name: Sea"),
        '8:12: shots.1.name: found "Sea", which another shot is called; write another name',
    ),
    "no name": (("until: end",), "7:5: shots.0.name: this is missing, and a scene needs it"),
    "a path for a name": (
        ("name: a/b",),
        '7:12: shots.0.name: expected a name of letters, digits, blanks, - and _, found "a/b"',
    ),
    "the name of none": (
        ("name: Main",),
        "7:12: shots.0.name: main is what a scene without shots is called; write another name",
    ),
    "an unknown key": (
        ("name: a, prompt: x",),
        "7:15: shots.0.prompt: unknown key; prompt is prompts here",
    ),
    "another unknown key": (
        ("name: a, entr: cut",),
        '7:15: shots.0.entr: unknown key (did you mean "enter"?); allowed: name, from, until, '
        "enter, loop, start, end, models, seed, prompts, camera, sampler, guidance",
    ),
    "nothing to continue": (
        ("name: a, enter: continue",),
        "7:22: shots.0.enter: there is no shot before the first; write enter: cut",
    ),
    "two beginnings": (
        ("name: a, until: bar 2", "name: b, enter: continue, start: one.png"),
        "8:39: shots.1.start: the shot continues, so that its first frame grows from the one "
        "before; keep one of start and enter: continue",
    ),
    "another way in": (
        ("name: a, enter: wipe",),
        '7:22: shots.0.enter: expected cut, continue or {fade: 1 beat}, found "wipe"',
    ),
    "a long fade": (
        ("name: a, until: bar 4", "name: b, enter: {fade: 2 bars}"),
        "8:29: shots.1.enter.fade: the fade takes 48 frames, and shot b has 24; write a shorter",
    ),
    "a fade of nothing": (
        ("name: a, until: bar 4", "name: b, enter: {fade: 0}"),
        "8:29: shots.1.enter.fade: found 0, which is shorter than a frame",
    ),
    "a loop that fades in": (
        ("name: a, until: bar 2", "name: b, enter: {fade: 1 beat}, loop: true"),
        "8:29: shots.1.enter.fade: shot b has another fade already; keep one of enter and loop",
    ),
    "no settings at all": (
        ("name: a, until: 1s}\n  -\n  - {name: b",),
        "8:4: shots.1: expected a mapping of settings, found nothing; allowed keys: name, from, un",
    ),
    "a section of the whole scene": (
        ("name: a, output: {crf: 3}",),
        "7:15: shots.0.output: unknown key; output belongs at the top of the scene",
    ),
    "its own mistake": (
        ("name: a, until: bar 2", "name: b, camera: {zoom: 0}"),
        "8:30: shots.b.camera.zoom: zoom is 0; allowed: above 0 and up to 100",
    ),
    "an end that comes too long": (
        ("name: a, until: 1s, end: {picture: scene.yaml, over: 2s}", "name: b"),
        '7:41: shots.0.end.picture: "{folder}/scene.yaml" is not a picture; allowed are',
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, case: str) -> None:
    written, told = MISTAKES[case]
    write_picture(tmp_path / "one.png")
    (found,) = complaints(tmp_path, scene(*written))
    assert found.startswith(told.replace("{folder}", str(tmp_path)))


def test_a_mistake_that_shots_share_is_told_once(tmp_path: Path) -> None:
    head = SHARED.replace("roll: 2", "roll: 400")
    assert complaints(tmp_path, scene("name: a, until: bar 2", "name: b", head=head)) == [
        "4:38: camera.roll: roll is 400; allowed: from -180 to 180"
    ]


def test_what_is_no_list_of_shots_is_told(tmp_path: Path) -> None:
    form = "write one as - {name: intro, until: bar 5, prompts: ...}"
    for written, found in (("[]", "an empty list"), ("{a: 1}", "a mapping"), ("3", "3")):
        assert complaints(tmp_path, SHARED + f"shots: {written}\n") == [
            f"6:8: shots: expected a list of shots, found {found}; {form}"
        ]


def test_stills_have_no_shots_and_no_end(tmp_path: Path) -> None:
    stills = "video: {size: [64, 64], n_batches: 3}\nprompts: a\n"
    assert complaints(tmp_path, stills + "shots: [{name: a}]\n") == [
        "3:8: shots: n_batches makes stills: remove shots, or write duration"
    ]
    assert complaints(tmp_path, stills + "loop: true\n") == [
        "3:7: loop: n_batches makes stills, which have no end: remove loop, or write duration"
    ]


def test_another_set_of_models_asks_for_its_own_sizes(tmp_path: Path) -> None:
    head = SHARED.replace("[64, 64]", "[48, 48]")
    (told,) = complaints(
        tmp_path, scene("name: a, until: 1s", "name: b, models: {preset: disco-256}", head=head)
    )
    assert told == (
        "8:23: shots.b.models: video.size: found [48, 48]; the models ask for multiples of 64, and "
        "[64, 64] fits"
    )


GIVE_WAY = {
    "a flat camera": ("camera: {translate_z: 3, fov: 30, roll: 2}", "camera: {mode: 2d}"),
    **{
        f"{name}, which draws no noise": ("sampler: {eta: 0.5}", f"sampler: {{name: {name}}}")
        for name in ("plms", "euler", "heun", "unipc")
    },
    "steps": ("sampler: {skip_steps: 3}", "sampler: {strength: 0.5}"),
    "a memory": ("camera: {memory: shot}", "camera: {projection: disco}"),
    "a projection": ("camera: {projection: disco}", "camera: {memory: shot}"),
    "a share of noise": ("sampler: {noise: warped, fresh_noise: 0.1}", "sampler: {noise: slow}"),
    "a period without noise": ("sampler: {noise_period: 9}", "sampler: {noise: fresh}"),
    "noise": ("sampler: {noise: fresh}", "sampler: {noise_period: 9}"),
}


@pytest.mark.parametrize("case", GIVE_WAY)
def test_what_a_shot_chooses_leaves_out_what_has_no_place_then(tmp_path: Path, case: str) -> None:
    of_all, own = GIVE_WAY[case]
    head = f"{VIDEO}prompts: a castle\n{of_all}\n"
    shots(tmp_path, "name: a, until: 1s", f"name: b, {own}", head=head)
    rest = of_all.partition("{")[2].removeprefix("noise: warped, ")
    both = own.replace("}", f", {rest}")
    assert complaints(tmp_path, scene("name: a, until: 1s", f"name: b, {both}", head=head))


def test_a_shot_of_centuries_in_a_video_of_unknown_length(tmp_path: Path) -> None:
    """Its frames are never listed."""
    head = "video: {size: [64, 64], duration: 2 bars}\nprompts: a castle\n"
    (told,) = complaints(tmp_path, scene("name: a, until: 999999h", head=head))
    assert told.startswith("1:35: video.duration: ")


def test_what_is_wrong_with_a_shot_and_in_it_is_told_at_once(tmp_path: Path) -> None:
    shots = ("name: a/b, until: bar 2, camera: {zoom: 0}", "name: b, camera: {rol: 2}", "3")
    told = complaints(tmp_path, scene(*shots[:2]))
    assert [one.split(": ")[1] for one in told] == [
        "shots.0.name",
        "shots.a/b.camera.zoom",
        "shots.b.camera.rol",
    ]


def test_what_one_shot_makes_wrong_in_the_scene_names_it(tmp_path: Path) -> None:
    head = VIDEO + "prompts: a castle\nguidance: {repaint: {mask: depth > 0.5}}\n"
    text = scene("name: a, until: 50%", "name: b, camera: {mode: 2d}", head=head)
    (told,) = complaints(tmp_path, text)
    assert told == (
        '4:28: guidance.repaint.mask: a 2d camera knows no "depth"; write camera: {mode: 3d}, or a '
        "mask of x and y (as shot b sees it)"
    )


def test_more_shots_than_a_scene_has(tmp_path: Path) -> None:
    (told,) = complaints(tmp_path, scene(*["name: a"] * (MOST_SHOTS + 1)))
    assert "found 501 shots; a scene has 500 at most" in told

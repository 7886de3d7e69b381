"""Profiles of a scene: what they change, what stays, and where their mistakes are told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Error
from pipeline.plan.make import make_plan
from tests.pipeline.scene.composing.composed import read, told, write_all

SCENE = """\
video: {size: [96, 64], fps: 24, duration: 8s}
music: {bpm: 120}
prompts: {0s: a lighthouse, bar 3: a castle}
camera:
  mode: 2d
  zoom: {0s: 1, bar 2: {value: 1.05, ease: in_out}, 5s: 1.01}
  roll: "sin(t)"
sampler: {steps: 20, skip_steps: {first: 0, then: 50%}}
profiles:
  draft:
    video: {size: [64, 64], fps: 12}
    sampler: {steps: 6}
  phone: {video: {size: [64, 96]}}
"""


def test_a_profile_lies_over_the_scene_setting_by_setting(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SCENE)
    plain, draft = read(path).scene, read(path, "draft").scene
    assert (plain.video.size, plain.video.fps, plain.sampler.steps) == ((96, 64), 24, 20)
    assert (draft.video.size, draft.video.fps, draft.sampler.steps) == ((64, 64), 12, 6)
    assert draft.sampler.skip_steps == plain.sampler.skip_steps
    assert (draft.frame_count, plain.frame_count) == (96, 192)
    assert read(path, "phone").scene.video.fps == 24
    assert read(path).profiles == ("draft", "phone")


def test_keys_in_seconds_and_bars_stay_where_they_were(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SCENE)
    plain, draft = read(path).scene, read(path, "draft").scene
    frames = np.arange(draft.frame_count, dtype=float)
    for name in ("zoom", "roll"):
        slow, fast = getattr(draft.camera, name), getattr(plain.camera, name)
        np.testing.assert_allclose(slow(frames), fast(2 * frames), atol=1e-12)
        assert np.ptp(slow(frames)) > 0.01
    assert [2 * frame for frame, _ in draft.prompts.keys] == [f for f, _ in plain.prompts.keys]


def test_frames_of_the_scene_itself_do_not_know_its_profiles(tmp_path: Path) -> None:
    bare = SCENE[: SCENE.index("profiles:")]
    with_profiles = make_plan(read(write_all(tmp_path, scene=SCENE)).scene)
    assert with_profiles == make_plan(read(write_all(tmp_path, scene=bare)).scene)


def test_a_curve_and_prompts_are_replaced_as_a_whole(tmp_path: Path) -> None:
    text = SCENE + "  still: {camera: {zoom: {4s: 1.02}}, prompts: {0s: a ship}}\n"
    scene = read(write_all(tmp_path, scene=text), "still").scene
    assert scene.camera.zoom(np.array([0.0, 96, 180])).tolist() == [1.02, 1.02, 1.02]
    assert len(scene.prompts.keys) == 1
    assert np.ptp(scene.camera.roll(np.arange(9.0))) > 0


def test_what_excludes_a_setting_gives_way_to_it(tmp_path: Path) -> None:
    text = SCENE + "  soft: {sampler: {strength: 0.4}}\n  cut: {video: {n_batches: 3}}\n"
    path = write_all(tmp_path, scene=text)
    assert read(path, "soft").scene.sampler.strength is not None
    bare = [
        line
        for line in text.splitlines()
        if not line.startswith(("camera", "  mode", "  zoom", "  roll"))
    ]
    stills = read(write_all(tmp_path, scene="\n".join(bare)), "cut").scene
    assert (stills.video.n_batches, stills.video.duration) == (3, None)


SHOTS = """\
video: {size: [64, 64], fps: 12, duration: 4s}
sampler: {steps: 20}
shots:
  - {name: sea, until: 2s, prompts: a ship, sampler: {steps: 30}}
  - {name: land, prompts: a castle, camera: {zoom: 1.01}}
profiles:
  draft: {shots: {sea: {sampler: {steps: 5}}}}
  short: {shots: [{name: only, prompts: a castle}]}
"""


def test_shots_are_replaced_as_a_list_and_changed_by_their_names(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SHOTS)
    draft, short = read(path, "draft").scene, read(path, "short").scene
    assert [shot.name for shot in draft.shots] == ["sea", "land"]
    assert [shot.settings.sampler.steps for shot in draft.shots] == [5, 20]
    assert [shot.name for shot in short.shots] == ["only"]


def test_a_shot_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    text = SHOTS.replace("{shots: {sea:", "{shots: {sae:")
    assert told(write_all(tmp_path, scene=text), "draft") == [
        'scene.yaml:7:19: profiles.draft.shots.sae: there is no sae (did you mean "sea"?); these '
        "are sea, land"
    ]


MISTAKES = [
    (
        "  draft: {video: {fps: fast}}\n",
        "scene.yaml:3:24: profiles.draft.video.fps: a frame rate is a number above 0",
    ),
    (
        '  draft:\n    camera: {zoom: "1 + sim(t)"}\n',
        "scene.yaml:4:25: profiles.draft.camera.zoom: ",
    ),
    (
        "  draft: {camera: {zoom: {0s: 1, 1s: 0}}}\n",
        "scene.yaml:3:26: profiles.draft.camera.zoom: zoom is 0 at frame 24",
    ),
    (
        "  draft: {camera: {zom: 1}}\n",
        'scene.yaml:3:20: profiles.draft.camera.zom: unknown key (did you mean "zoom"?)',
    ),
]


@pytest.mark.parametrize(("profile", "message"), MISTAKES)
def test_a_mistake_stands_in_the_lines_of_the_profile(
    tmp_path: Path, profile: str, message: str
) -> None:
    text = "video: {size: [64, 64], duration: 48}\nprofiles:\n" + profile + "prompts: a castle\n"
    (line,) = told(write_all(tmp_path, scene=text), "draft")
    assert line.startswith(message)


UNCHOSEN = [
    (
        "  draft: {camera: {zom: 1}}\n",
        '4:20: profiles.draft.camera.zom: unknown key (did you mean "zoom"?)',
    ),
    ("  draft: {fps: 12}\n", "4:11: profiles.draft.fps: unknown key; fps belongs under video:"),
    ("  draft: 12 fps\n", "4:10: profiles.draft: expected settings such as video: {fps: 12}"),
    ("  ../up: {}\n", "4:3: profiles.../up: expected a name of letters, digits, blanks"),
    ("  2: {}\n", "4:3: profiles.2: expected a name of letters, digits, blanks, - and _, found 2"),
    ("  draft: {include: a.yaml}\n", "4:11: profiles.draft.include: include stands at the top"),
    ("  draft: {profiles: {}}\n", "4:11: profiles.draft.profiles: profiles stands at the top"),
    ("  - draft\n", "4:3: profiles: expected names and their settings, found a list"),
]


@pytest.mark.parametrize(("profile", "message"), UNCHOSEN)
def test_the_names_of_an_unchosen_profile_are_looked_at(
    tmp_path: Path, profile: str, message: str
) -> None:
    text = "video: {size: [64, 64], duration: 48}\nprompts: a castle\nprofiles:\n" + profile
    (line,) = told(write_all(tmp_path, scene=text))
    assert line.startswith(f"scene.yaml:{message}")


def test_an_unknown_profile_is_told_with_the_near_one_and_the_list(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SCENE)
    with pytest.raises(Error) as caught:
        read(path, "drafd")
    assert str(caught.value) == (
        f'{path}: there is no profile drafd (did you mean "draft"?); the profiles are draft, phone'
    )
    bare = write_all(tmp_path, scene=SCENE[: SCENE.index("profiles:")])
    with pytest.raises(Error, match="there are no profiles, found --profile draft; leave it out"):
        read(bare, "draft")


def test_an_empty_profile_is_the_scene(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SCENE + "  final:\n")
    assert make_plan(read(path, "final").scene) == make_plan(read(path).scene)
    assert read(path).scene.video.fps == Fraction(24)

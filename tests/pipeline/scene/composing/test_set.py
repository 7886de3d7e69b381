"""Settings of a command line: `--set camera.fov=60`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Error, SceneError
from pipeline.spec.sources import CheckpointSource
from tests.pipeline.scene.composing.composed import read, told, write_all
from tests.pipeline.scene.lora_files import write_lora
from tests.pipeline.scene_files import write_picture

SCENE = """\
video: {size: [96, 64], fps: 24, duration: 4s}
prompts: {0: a lighthouse, 2s: a castle}
camera: {mode: 3d, fov: 40, zoom: {0s: 1, 2s: 1.02}}
sampler: {steps: 20, skip_steps: {first: 0, then: 50%}}
outputs: [{file: a.mp4}, {file: b.mp4, crf: 20}]
profiles: {draft: {camera: {fov: 50}, video: {fps: 12}}}
"""
PAINTED = "video: {size: [64, 64], duration: 4}\nprompts: a castle\nmodels: {denoiser: sd15}\n"
SHOTS = """\
video: {size: [64, 64], duration: 48}
shots: [{name: sea, until: 24, prompts: a ship}, {name: my castle, prompts: a castle}]
"""


def test_settings_lie_over_the_profile_and_the_last_one_counts(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SCENE)
    scene = read(path, "draft", "camera.fov=60", "video.size=[64, 64]", "camera.fov = 70").scene
    assert float(scene.camera.fov(np.zeros(1))[0]) == 70
    assert (scene.video.fps, scene.video.size, scene.camera.mode) == (12, (64, 64), "3d")


def test_a_name_leads_into_a_setting(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SCENE)
    settings = ("camera.zoom.2s=1.04", "sampler.skip_steps.first=20%", "prompts.0=a ship")
    scene = read(path, None, *settings, "outputs.1.crf=30", 'camera.zoom."3.5s"=1').scene
    assert scene.camera.zoom(np.array([0.0, 48, 84])).tolist() == [1, 1.04, 1]
    plain = read(path).scene
    assert scene.sampler.skip_steps != plain.sampler.skip_steps
    assert [prompts[0].text for _, prompts in scene.prompts.keys] == ["a ship", "a castle"]
    assert [one.crf for one in scene.outputs] == [17, 30]


def test_a_shot_is_called_by_its_name(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SHOTS)
    first, second = read(path, None, "shots.my castle.camera.zoom=1.02").scene.shots
    assert float(second.settings.camera.zoom(np.zeros(1))[0]) == 1.02
    assert float(first.settings.camera.zoom(np.zeros(1))[0]) == 1
    assert told(path, None, "shots.see.camera.zoom=1") == [
        '--set shots.see.camera.zoom: shots.see: there is no see (did you mean "sea"?); these are '
        "sea, my castle"
    ]


def test_what_excludes_a_setting_gives_way_to_it(tmp_path: Path) -> None:
    scene = read(write_all(tmp_path, scene=SCENE), None, "sampler.strength=0.3").scene
    assert scene.sampler.strength is not None


def test_frames_that_are_not_enlarged_have_their_own_size(tmp_path: Path) -> None:
    text = "video: {size: [96, 64], duration: 48}\nprompts: a castle\n"
    for output in ("size: [768, 512]", "scale: 4, upscale: lanczos", "fit: pad, size: [80, 80]"):
        path = write_all(tmp_path, scene=f"{text}output: {{{output}}}\n")
        scene = read(path, None, "output.upscale=none").scene
        assert scene.output.video_size((96, 64)) == (96, 64)


def test_depth_of_ones_own_takes_the_place_of_a_network(tmp_path: Path) -> None:
    write_picture(tmp_path / "stage.png")
    text = "video: {size: [96, 64], duration: 48}\nprompts: a castle\nmodels: {depth: starter}\n"
    path = write_all(tmp_path, scene=text)
    scene = read(path, None, f"camera.depth={tmp_path / 'stage.png'}").scene
    assert scene.camera.depth is not None


MISTAKES = [
    ("camera.fov=wide", '--set camera.fov: unknown name "wide"', 12),
    ("camera.fow=60", '--set camera.fow: unknown key (did you mean "fov"?)', 8),
    ("camra.fov=60", '--set camra.fov: camra: unknown key (did you mean "camera"?)', 1),
    ("fov=60", "--set fov: unknown key; fov belongs under camera:", 1),
    ("video.size=[96, 0]", "--set video.size: video.size.1: found 0; a side is", 17),
    ("video.size=[96", "--set video.size: ", 12),
    ("seed=!x 3", '--set seed: tags such as "!x" are not read', 6),
    ("seed=", "--set seed: there is no value behind the =; write one, or null for none", 1),
    ("prompts=a castle #3", '--set prompts: "#3" would be cut off', 18),
    ('camera.zoom="1 + sim(t)"', "--set camera.zoom: ", 18),
    ("camera=3d", "--set camera: expected a mapping of settings, found ", 8),
    ("outputs.2.crf=30", "--set outputs.2.crf: outputs.2: there is no 2; they are counted", 9),
    ("camera.zoom.noon=1", "--set camera.zoom.noon: ", 13),
]


@pytest.mark.parametrize(("argument", "message", "column"), MISTAKES)
def test_a_mistake_is_told_at_the_argument(
    tmp_path: Path, argument: str, message: str, column: int
) -> None:
    path = write_all(tmp_path, scene=SCENE)
    with pytest.raises(SceneError) as caught:
        read(path, None, argument)
    (problem,) = caught.value.problems
    assert problem.told(path).startswith(message)
    assert problem.origin is not None
    assert (problem.origin.text, problem.origin.file) == (argument, None)
    assert (problem.line, problem.column) == (1, column)


@pytest.mark.parametrize(
    "argument",
    ["camera.fov", "", "=60", ".fov=60", "camera..fov=60", "camera.=6", "a." * 99 + "=1"],
)
def test_what_sets_nothing_is_refused(tmp_path: Path, argument: str) -> None:
    with pytest.raises(Error, match=r"^--set .*expected a setting and its value; write it as"):
        read(write_all(tmp_path, scene=SCENE), None, argument)


@pytest.mark.parametrize("name", ["profiles.draft.video.fps", "include"])
def test_a_command_does_not_set_what_stands_in_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(Error, match="stands in a file; set the settings themselves"):
        read(write_all(tmp_path, scene=SCENE), None, f"{name}=12")


def test_files_are_named_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    write_picture(here / "start.png")
    monkeypatch.chdir(here)
    path = write_all(tmp_path, scene=SCENE)
    scene = read(path, None, "sampler.init_image=start.png").scene
    assert scene.sampler.init_image == here / "start.png"
    (line,) = told(path, None, "sampler.init_image=gone.png")
    assert line.endswith(f"names are relative to {here}".replace(f"{tmp_path}/", ""))


@pytest.mark.parametrize("argument", ["loras={ink.safetensors: 1}", 'loras."ink.safetensors"=1'])
@pytest.mark.parametrize("named", ["", "loras: {fog.safetensors: 1}\n"])
def test_files_that_are_named_by_keys_are_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argument: str, named: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    write_lora(here / "ink.safetensors", width=768)
    write_lora(tmp_path / "fog.safetensors", width=768)
    monkeypatch.chdir(here)
    path = write_all(tmp_path, scene=f"{PAINTED}{named}")
    lora = read(path, None, argument).scene.loras[-1]
    assert lora.source == CheckpointSource(str(here / "ink.safetensors"), None)


def test_a_file_that_the_scene_names_stays_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that leads to its weight names no other file."""
    write_lora(tmp_path / "ink.safetensors", width=768)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    path = write_all(tmp_path, scene=f"{PAINTED}loras: {{ink.safetensors: 1}}\n")
    (lora,) = read(path, None, 'loras."ink.safetensors"=0.5').scene.loras
    assert lora.source == CheckpointSource(str(tmp_path / "ink.safetensors"), None)
    assert float(lora.weight(np.zeros(1))[0]) == 0.5


def test_lines_of_the_file_and_arguments_are_told_together(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=SCENE + "sead: 3\n")
    lines = told(path, None, "video.fps=x", "camera.fov=y")
    assert [line.split(": ")[0] for line in lines] == [
        "scene.yaml:7:1",
        "--set video.fps",
        "--set camera.fov",
    ]

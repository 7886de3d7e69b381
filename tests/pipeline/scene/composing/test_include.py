"""Files that a scene includes: what they say, and where their mistakes are told."""

from __future__ import annotations

import pickle
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from pipeline.plan.make import make_plan, plan_to_json
from pipeline.scene.composing.files import MOST_DEEP, MOST_FILES, scene_files
from pipeline.scene.composing.scene_texts import MAX_BYTES
from pipeline.spec.sources import CheckpointSource
from tests.media import write_silence
from tests.pipeline.scene.composing.composed import read, told, write_all
from tests.pipeline.scene.lora_files import write_lora
from tests.pipeline.scene_files import BASE, write_picture

LOOK = """\
# What several scenes have in common.
camera: {mode: 2d, zoom: 1.01, roll: "sin(t)"}
sampler: {steps: 20}
seed: 5
"""


def test_the_settings_of_a_file_lie_beneath_those_of_the_scene(tmp_path: Path) -> None:
    text = "include: look.yaml\ncamera: {zoom: 1.05}\nsampler: {steps: 8}\n" + BASE
    scene = read(write_all(tmp_path, scene=text, look=LOOK)).scene
    assert float(scene.camera.zoom(np.zeros(1))[0]) == 1.05
    assert np.ptp(scene.camera.roll(np.arange(9.0))) > 0
    assert (scene.sampler.steps, scene.seed(0)) == (8, 5)


def test_of_several_files_the_later_lies_over_the_earlier(tmp_path: Path) -> None:
    text = "include: [look.yaml, fast.yaml]\n" + BASE
    fast = "include: sub/slow.yaml\nsampler: {steps: 4}\n"
    path = write_all(tmp_path, scene=text, look=LOOK, fast=fast, sub__slow="seed: 9\n")
    scene = read(path).scene
    assert (scene.sampler.steps, scene.seed(0)) == (4, 9)
    assert read(path).files == (
        path,
        *(tmp_path / name for name in ("look.yaml", "fast.yaml", "sub/slow.yaml")),
    )
    assert scene_files(path) == read(path).files


def test_a_mistake_is_told_in_the_file_that_has_it(tmp_path: Path) -> None:
    text = BASE + "include: [look.yaml, more.yaml]\nsead: 2\n"
    look = LOOK.replace("1.01", '"1 + sim(t)"')
    path = write_all(tmp_path, scene=text, look=look, more="\n\nvideo: {fps: fast}\nseed: [\n")
    lines = told(path)
    assert [line.split(": ")[0] for line in lines] == [
        "scene.yaml:4:1",
        "look.yaml:2:31",
        "more.yaml:5:1",
    ]
    path = write_all(tmp_path, more="\n\nvideo: {fps: fast}\n")
    assert told(path)[-1].startswith("more.yaml:3:14: video.fps: a frame rate is a number above 0")


def test_a_section_in_both_is_the_scenes_own(tmp_path: Path) -> None:
    text = "prompts: a castle\ninclude: base.yaml\nvideo: {fps: 12}\n"
    path = write_all(tmp_path, scene=text, base="# sizes\nvideo: {duration: 12}\n")
    (line,) = told(path)
    assert line.startswith("scene.yaml:3:1: video.size: this is missing")


def test_paths_are_relative_to_the_file_that_has_them(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    write_silence(folder / "song.wav", 3.0)
    for name in ("start.png", "mask.png", "prompt.png"):
        write_picture(folder / name)
    base = (
        "music: {file: song.wav, bpm: 120, stems: {drums: song.wav}}\n"
        "sampler: {init_image: start.png}\n"
        "prompts: [{text: a castle, weight: 2}, {image: prompt.png}]\n"
        "guidance: {repaint: {mask: mask.png}}\n"
    )
    scene_text = "include: base/base.yaml\nvideo: {size: [96, 96], duration: 12}\n"
    path = write_all(tmp_path, scene=scene_text, base__base=base)
    scene = read(path).scene
    assert scene.music.file == folder / "song.wav"
    assert scene.music.stems["drums"] == folder / "song.wav"
    assert scene.sampler.init_image == folder / "start.png"
    assert scene.prompts.keys[0][1][1].text == str(folder / "prompt.png")
    gone = write_all(tmp_path, base__base=base.replace("start.png", "gone.png"))
    (line,) = told(gone.parent / "scene.yaml")
    assert line.startswith('base/base.yaml:2:23: sampler.init_image: "base/gone.png" does not')


def test_files_that_are_named_by_keys_are_relative_to_the_file_that_has_them(
    tmp_path: Path,
) -> None:
    """LoRAs, also those of a profile; one of the scene beside them is the scene's own."""
    path = write_all(
        tmp_path,
        scene="include: looks/ink.yaml\nprofiles: {own: {loras: {ink.safetensors: 0.3}}}\n"
        f"models: {{denoiser: sd15}}\n{BASE.replace('96, 96', '64, 64')}",
        looks__ink="loras: {ink.safetensors: 0.8}\n"
        "profiles: {soft: {loras: {ink.safetensors: 0.4, fog.safetensors: {0: 0, 9: 1}}}}\n",
    )
    folder = tmp_path / "looks"
    for file in (folder / "ink", folder / "fog", tmp_path / "ink"):
        write_lora(file.with_name(f"{file.name}.safetensors"), width=768)
    assert sources(path, None) == [folder / "ink.safetensors"]
    assert sources(path, "soft") == [folder / "ink.safetensors", folder / "fog.safetensors"]
    assert sources(path, "own") == [tmp_path / "ink.safetensors"]
    assert folder / "ink.safetensors" in read(path).sources
    (folder / "ink.safetensors").unlink()
    (line,) = told(path)
    assert line.startswith("looks/ink.yaml:1:26: loras.ink.safetensors: there is no LoRA")
    assert line.endswith("relative to looks")


def sources(path: Path, profile: str | None, *settings: str) -> list[Path]:
    """The files of the LoRAs of a scene."""
    loras = read(path, profile, *settings).scene.loras
    found = [lora.source for lora in loras if isinstance(lora.source, CheckpointSource)]
    return [Path(source.file) for source in found]


def test_a_scene_in_several_files_is_the_scene_in_one(tmp_path: Path) -> None:
    base = "prompts: {0s: a castle, 1s: a ship}\ncamera: {mode: 2d, zoom: 1 + 0.01*t}\n"
    video = "video: {size: [96, 96], duration: 24, fps: 12}\n"
    parts = write_all(tmp_path, scene=f"include: base/look.yaml\n{video}", base__look=base)
    made = make_plan(read(parts).scene)
    assert plan_to_json(deepcopy(made)) == plan_to_json(
        make_plan(read(write_all(tmp_path, scene=video + base)).scene)
    )
    assert pickle.loads(pickle.dumps(made.frames)) == made.frames


def test_a_section_that_is_none_is_replaced(tmp_path: Path) -> None:
    text = "include: look.yaml\ncamera: {zoom: 1.05}\n" + BASE
    scene = read(write_all(tmp_path, scene=text, look="camera: [a, b]\n")).scene
    assert float(scene.camera.zoom(np.zeros(1))[0]) == 1.05


def test_a_profile_of_an_included_file_is_there_too(tmp_path: Path) -> None:
    look = LOOK + "profiles: {draft: {sampler: {steps: 5}, video: {fps: 8}}}\n"
    text = "include: look.yaml\n" + BASE + "profiles: {draft: {video: {fps: 12}}}\n"
    scene = read(write_all(tmp_path, scene=text, look=look), "draft").scene
    assert (scene.sampler.steps, scene.video.fps) == (5, 12)
    wrong = look.replace("steps: 5", "steps: x")
    (line,) = told(write_all(tmp_path, look=wrong, scene=text), "draft")
    assert line.startswith("look.yaml:5:37: profiles.draft.sampler.steps: expected a whole number")


CANNOT = [
    ("gone.yaml", '3:10: include: "gone.yaml" does not exist; names are relative to the file'),
    (".", '3:10: include: "." is a folder; name a file of settings in it'),
    ("/dev/zero", '3:10: include: "/dev/zero" is no plain file; name a file of settings'),
    ("loop.yaml", '3:10: include: "loop.yaml" does not exist'),
    ("list.yaml", '3:10: include: "list.yaml" holds a list'),
    ("empty.yaml", '3:10: include: "empty.yaml" is empty; an included file has settings'),
    ("huge.yaml", '3:10: include: with "huge.yaml" the scene is larger than 2,000,000 bytes'),
    ("latin.yaml", '3:10: include: "latin.yaml" is not UTF-8 text, in line 2; save it'),
    ("https://a.b/c.yaml", '3:10: include: found "https://a.b/c.yaml", and addresses are not'),
    ("12", "3:10: include: expected the name of a file, or a list of them, found 12"),
    ("[look.yaml, 3]", "3:22: include.1: expected the name of a file, or a list of them, found 3"),
    ("{a: b}", "3:10: include: expected the name of a file, or a list of them, found a mapping"),
    ("scene.yaml", "3:10: include: scene.yaml includes scene.yaml: a circle; take one of them out"),
]


@pytest.mark.parametrize(("name", "message"), CANNOT)
def test_what_cannot_be_included_is_told_at_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    path = write_all(
        tmp_path,
        scene=f"{BASE}include: {name}\n",
        look=LOOK,
        list="- a\n",
        empty="# nothing\n",
        huge="#" * MAX_BYTES,
    )
    (tmp_path / "latin.yaml").write_bytes(b"seed: 1\nprompts: caf\xe9\n")
    (tmp_path / "loop.yaml").symlink_to("pool.yaml")
    (tmp_path / "pool.yaml").symlink_to("loop.yaml")
    monkeypatch.chdir(tmp_path)
    (line,) = told(Path("scene.yaml"))
    assert line.startswith(f"scene.yaml:{message}")
    assert path.exists()


def test_a_circle_is_told_with_its_chain(tmp_path: Path) -> None:
    path = write_all(
        tmp_path,
        scene=BASE + "include: a.yaml\n",
        a="seed: 1\ninclude: [sub/b.yaml]\n",
        sub__b="include: ../a.yaml\n",
    )
    assert told(path) == [
        "sub/b.yaml:1:10: include: a.yaml includes sub/b.yaml, which includes a.yaml: a circle; "
        "take one of them out"
    ]


def test_depth_and_number_of_files_are_bounded(tmp_path: Path) -> None:
    deep = {f"a{n}": f"include: a{n + 1}.yaml\n" for n in range(MOST_DEEP)}
    path = write_all(tmp_path, scene=BASE + "include: a0.yaml\n", **deep)
    (line,) = told(path)
    assert line.startswith(f"a{MOST_DEEP - 2}.yaml:1:10: include: {MOST_DEEP} files include one")
    wide = {f"b{n}": f"include: [{', '.join([f'b{n + 1}.yaml'] * 9)}]\n" for n in range(4)}
    path = write_all(tmp_path, scene=BASE + "include: b0.yaml\n", b4="seed: 1\n", **wide)
    assert f"more than {MOST_FILES} files are included" in told(path)[0]


def test_anchors_do_not_cross_files(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=BASE + "include: a.yaml\nseed: *s\n", a="seed: &s 3\n")
    (line,) = told(path)
    assert line.startswith("scene.yaml:4:7: ")


def test_files_that_are_not_there_are_named_too(tmp_path: Path) -> None:
    path = write_all(tmp_path, scene=BASE + "include: [gone.yaml, look.yaml]\n", look="seed: [\n")
    assert scene_files(path) == (path, tmp_path / "gone.yaml", tmp_path / "look.yaml")
    assert scene_files(tmp_path / "none.yaml") == (tmp_path / "none.yaml",)


def test_a_warning_is_told_in_its_file(tmp_path: Path) -> None:
    path = write_all(
        tmp_path,
        scene="include: look.yaml\n" + BASE,
        look="guidance: {init_hold: 0, hold_memory: 9}\n",
    )
    (warning,) = read(path).warnings
    assert warning.told(path, "warning").startswith(f"{tmp_path}/look.yaml:1:39: warning: ")

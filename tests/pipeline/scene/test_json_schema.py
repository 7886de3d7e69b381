"""The schema takes what the reader takes, and marks what is misspelt or out of range."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft7Validator
from safetensors.numpy import save_file

from pipeline.catalogue.presets import PRESETS
from pipeline.files.png import encode_png
from pipeline.scene.json_schema import SECTIONS, scene_schema
from pipeline.scene.load import load_scene
from pipeline.scene.schema_file import schema_text
from pipeline.scene.told import Told, plain, told
from tests.media import drifting, write_clip, write_silence
from tests.pipeline.scene.lora_files import write_lora
from tests.pipeline.scene.paths.made_paths import winding, write_path
from tests.pipeline.scene.whole_scenes import ROOT, as_json, example_of, settings
from tests.pipeline.scene_files import write

SCENES = sorted((ROOT / "scenes").glob("*.yaml"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BASE = "video: {size: [96, 64], duration: 4s}\nprompts: a castle\n"


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    schema = json.loads(schema_text())
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def complaints(validator: Draft7Validator, text: str) -> list[str]:
    """What the schema has against a scene: the place and what is said of it."""
    errors = validator.iter_errors(as_json(text))
    return [f"{'.'.join(map(str, one.absolute_path))}: {one.message}" for one in errors]


@pytest.mark.parametrize("scene", SCENES, ids=lambda path: path.stem)
def test_the_scenes_that_ship_are_scenes(scene: Path, validator: Draft7Validator) -> None:
    assert complaints(validator, scene.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_the_scenes_of_the_documents_are_scenes(document: Path, validator: Draft7Validator) -> None:
    fences = r"^```yaml\n(.*?)^```"
    found = re.findall(fences, document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    whole = [scene for scene in found if "video:" in scene and "prompts:" in scene]
    assert [complaints(validator, scene) for scene in whole] == [[]] * len(whole)


BROKEN = [
    ("camra: {zoom: 1}\n", ": Additional properties are not allowed ('camra' was unexpected)"),
    ("camera: {zom: 1}\n", "camera: Additional properties are not allowed ('zom' was"),
    ("camera: {mode: 4d}\n", "camera.mode: '4d' is not one of ['2d', '3d']"),
    ("camera: {fov: 200}\n", "camera.fov: 200 is not valid under any"),
    ("camera: {fov: [40]}\n", "camera.fov: [40] is not valid under any"),
    ("camera: {zoom: {0s: {valu: 1}}}\n", "camera.zoom: {'0s': {'valu': 1}} is not valid"),
    ("camera: {zoom: {0s: 1, ease: smoth}}\n", "camera.zoom: {'0s': 1, 'ease': 'smoth'} is not"),
    ("camera: {offset: {z: 1}}\n", "camera.offset: Additional properties are not allowed ('z'"),
    ("sampler: {steps: many}\n", "sampler.steps: 'many' is not valid under any"),
    ("sampler: {steps: 0}\n", "sampler.steps: 0 is less than the minimum of 1"),
    ("sampler: {strength: {then: 2}}\n", "sampler.strength: {'then': 2} is not valid"),
    ("sampler: {symmetry: {diagonal: 0.1}}\n", "sampler.symmetry: {'diagonal': 0.1} is not"),
    ("guidance: {repaint: some}\n", "guidance.repaint: 'some' is not valid under any"),
    ("guidance: {skip_augs: yes please}\n", "guidance.skip_augs: 'yes please' is not valid"),
    ("guidance: {init_hold: 1.5}\n", "guidance.init_hold: 1.5 is not valid under any"),
    ("models: {preset: disko}\n", "models.preset: 'disko' is not one of"),
    ("models: {encoders: [{nam: a}]}\n", "models.encoders: [{'nam': 'a'}] is not valid"),
    ("music: {bpm: 7}\n", "music.bpm: 7 is not valid under any"),
    ("music: {bmp: 120}\n", "music: Additional properties are not allowed ('bmp' was"),
    ("output: {fit: crop}\n", "output.fit: 'crop' is not one of"),
    ("output: {size: 96}\n", "output.size: 96 is not of type 'array'"),
    ("outputs: [{fil: a.mp4}]\n", "outputs.0: Additional properties are not allowed ('fil'"),
    ("outputs: []\n", "outputs: [] should be non-empty"),
    ("shots: [{until: 2s}]\n", "shots.0: 'name' is a required property"),
    ("shots: [{name: a, camera: {zom: 1}}]\n", "shots.0.camera: Additional properties are not"),
    ("shots: [{name: a, entr: cut}]\n", "shots.0: Additional properties are not allowed ('entr'"),
    ("loop: sometimes\n", "loop: 'sometimes' is not valid under any"),
    ("seed: -1\n", "seed: -1 is not valid under any of the given schemas"),
    ("vars: [1]\n", "vars: [1] is not of type 'object'"),
]


@pytest.mark.parametrize(("text", "told"), BROKEN, ids=lambda text: text.strip())
def test_a_broken_scene_is_marked(text: str, told: str, validator: Draft7Validator) -> None:
    (complaint,) = complaints(validator, BASE + text)
    assert complaint.startswith(told)


def test_a_scene_has_a_video_with_a_size(validator: Draft7Validator) -> None:
    assert complaints(validator, "seed: 1\n") == [": 'video' is a required property"]
    assert complaints(validator, "video: {fps: 24}\n") == ["video: 'size' is a required property"]
    broken = complaints(validator, "video: {size: [96, 64]}\nprompts: {0s: {txt: a}}\n")
    assert broken[0].startswith("prompts: ")


def test_a_part_of_a_scene_may_leave_out_what_a_scene_needs() -> None:
    schema = scene_schema()
    part = {"$ref": "#/definitions/part", "definitions": schema["definitions"]}
    assert list(Draft7Validator(part).iter_errors({"video": {"fps": 12}})) == []
    (error,) = Draft7Validator(part).iter_errors({"video": {"fsp": 12}})
    assert "'fsp' was unexpected" in error.message
    for shots in ({"city": {"sampler": {"steps": 8}}}, [{"name": "city"}]):
        assert list(Draft7Validator(part).iter_errors({"shots": shots})) == []
    (error,) = Draft7Validator(part).iter_errors({"shots": {"city": {"samplr": {}}}})
    assert list(error.absolute_path) == ["shots", "city"]
    assert list(Draft7Validator(part).iter_errors({"profiles": {}, "include": "a.yaml"}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the examples name."""
    here = tmp_path_factory.mktemp("examples")
    write_silence(here / "pulse.wav", 20.0)
    write_clip(here / "dance.mkv", drifting(12, 32, 16), "1")
    (here / "stage.png").write_bytes(encode_png(np.zeros((4, 6, 3), np.uint8)))
    write_path(here, winding(96))
    (here / "beats.txt").write_text("".join(f"{beat / 2}\n" for beat in range(40)))
    for name in ("pulse-drums.mid", "pulse.lrc"):
        shutil.copy(ROOT / "scenes" / "music" / name, here)
    (here / "base.yaml").write_text("seed: 3\n")
    write_lora(here / "ink.safetensors", width=768)
    save_file({"emb_params": np.zeros((1, 768), np.float32)}, here / "charcoal.safetensors")
    return here


@pytest.mark.parametrize(
    ("section", "setting"),
    list(settings()),
    ids=[f"{section or 'scene'}.{one.name}" for section, one in settings()],
)
def test_the_example_of_every_setting_is_read(
    section: str, setting: Told, folder: Path, validator: Draft7Validator
) -> None:
    text = example_of(section, setting)
    assert load_scene(write(folder, text)).frame_count > 1
    assert complaints(validator, text) == []


DEFAULTS = [
    (section, one) for section, one in settings() if one.default is not None and section != "shot"
]


@pytest.mark.parametrize(
    ("section", "setting"), DEFAULTS, ids=[f"{section}.{one.name}" for section, one in DEFAULTS]
)
def test_what_is_called_the_default_can_be_written(
    section: str, setting: Told, validator: Draft7Validator
) -> None:
    data: dict[str, Any] = {"video": {"size": [96, 64]}}
    own = {setting.name: json.loads(json.dumps(setting.default))}
    if section == "offset":
        data["camera"] = {"offset": own}
    elif section == "video_file":
        data["outputs"] = [own]
    else:
        data = {**data, section: {**data.get(section, {}), **own}} if section else data | own
    assert [one.message for one in validator.iter_errors(data)] == []


def test_every_setting_says_what_it_is() -> None:
    for section, setting in settings():
        assert len(setting.about) > 10 and setting.about.endswith("."), (section, setting.name)
        assert setting.form.words and setting.unwritten, (section, setting.name)


def test_what_the_starter_s_preset_says_is_told() -> None:
    for section, own in PRESETS["starter"].defaults.items():
        told_of = {one.name: one for one in told(SECTIONS[section], section)}
        for name, value in own.items():
            assert told_of[name].default == value


def test_another_name_has_the_same_form() -> None:
    properties = scene_schema()["definitions"]["camera"]["properties"]
    assert properties["angle"]["anyOf"] == properties["roll"]["anyOf"]
    assert properties["angle"]["markdownDescription"] == "Another name of `roll`."


def test_a_link_is_its_words_where_nobody_can_follow_it() -> None:
    assert plain("[a b](#c) and `[1, 2]` (d)") == "a b and `[1, 2]` (d)"

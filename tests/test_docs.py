"""The documents are true: the examples load, and every setting of the schema is explained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel
from safetensors.numpy import save_file

from pipeline.cli.problems import tell_mistakes
from pipeline.errors import SceneError
from pipeline.files.png import encode_png
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene, read_scene
from pipeline.scene.schema import Scene
from tests.media import drifting, write_clip, write_silence
from tests.pipeline.scene.lora_files import write_lora
from tests.pipeline.scene.paths.made_paths import winding, write_path
from tests.pipeline.scene_files import write

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "docs" / "scene.md"
FENCES = re.MULTILINE | re.DOTALL


def sections() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in Scene.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield name, field.annotation


@pytest.mark.parametrize(("name", "section"), list(sections()))
def test_every_setting_is_in_the_manual(name: str, section: type[BaseModel]) -> None:
    _, _, rest = MANUAL.read_text(encoding="utf-8").partition(f"\n## {name}\n")
    chapter, *_ = rest.split("\n## ")
    missing = [setting for setting in section.model_fields if f"`{setting}`" not in chapter]
    assert missing == []


def scenes_in(document: str) -> list[str]:
    """The whole scenes that stand in a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```", text, FENCES)


@pytest.mark.parametrize("document", ["README.md", "docs/scene.md", "docs/models.md"])
def test_examples_load(document: str, tmp_path: Path) -> None:
    write_silence(tmp_path / "pulse.wav", 32.0)
    sound = ("-f", "lavfi", "-i", "sine=d=5", "-c:v", "ffv1", "-shortest")
    write_clip(tmp_path / "dance.mkv", drifting(5, 96, 64), "1", *sound)
    write_path(tmp_path, winding(96))
    assert scenes_in(document)
    for example in scenes_in(document):
        scene = write(tmp_path, example)
        read = read_scene(scene)
        assert len(make_plan(read.scene)) > 1 and not read.warnings


def settings_in(document: str) -> list[str]:
    """The settings that are written out within the text of a document, such as `zoom: 1.02`."""
    text = re.sub(r"^```.*?^```", "", (ROOT / document).read_text(encoding="utf-8"), flags=FENCES)
    # The examples of tables that are made have a test of their own, in the section of each.
    text = re.sub(r"<!-- settings of .*?<!-- end -->", "", text, flags=FENCES)
    homes = {name: section for section, model in sections() for name in model.model_fields}
    written = re.findall(r"`((\w+): [^`]+)`", text)
    inner = [f"{homes[name]}:\n  {example}" for example, name in written if name in homes]
    return inner + [example for example, name in written if name in Scene.model_fields]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pictures that settings in the text name."""
    here, grey = tmp_path_factory.mktemp("scene"), encode_png(np.zeros((1, 1, 3), np.uint8))
    (here / "stage.png").write_bytes(grey)
    write_clip(here / "dance.mkv", drifting(2, 32, 16))
    (here / "depth").mkdir()
    write_path(here, winding(FRAMES))
    for name in ("ink", "fog"):
        write_lora(here / f"{name}.safetensors", width=768)
    save_file({"emb_params": np.zeros((1, 768), np.float32)}, here / "charcoal.safetensors")
    for frame in range(FRAMES):
        (here / "depth" / f"{frame:04d}.png").write_bytes(grey)
    return here


FRAMES = 16 * 4 * 12
"""Of sixteen bars at 24 frames a second and 120 beats a minute."""


PAINTERS = {"embeddings:": "sd15", "loras:": "sd15", "distilled_cfg_scale:": "flux-dev"}
"""Denoisers by the settings that the starter takes no part in."""


@pytest.mark.parametrize("setting", [*settings_in("docs/scene.md"), *settings_in("docs/models.md")])
def test_a_setting_in_the_text_can_be_written_so(setting: str, folder: Path) -> None:
    clip = ", input: {file: dance.mkv, at_end: hold}" if setting.startswith("clip:") else ""
    frame = f"video: {{size: [96, 64], duration: 16 bars{clip}}}\n"
    frame += "music: {bpm: 120}\nprompts: a castle\n"
    painter = next((one for words, one in PAINTERS.items() if words in setting), "")
    if setting.startswith("models:"):
        setting = setting + (f"\n  denoiser: {painter}" if painter else "")
    elif painter:
        frame += f"models: {{denoiser: {painter}}}\n"
    assert len(make_plan(load_scene(write(folder, frame + setting)))) > 1


def test_the_mistakes_that_the_readme_shows_are_those_that_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = scenes_in("README.md")
    slips = {"144, 96": "144, 0", "\ncamera:": "\ncamra:"}
    for right, wrong in slips.items():
        assert right in example
        example = example.replace(right, wrong)
    with pytest.raises(SceneError) as caught:
        load_scene(write(tmp_path, example, "castle.yaml"))
    tell_mistakes(caught.value)
    told = capsys.readouterr().err.replace(f"{tmp_path}/", "")
    assert f"$ discoreel check castle.yaml\n{told}```" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("scene", sorted((ROOT / "scenes").glob("*.yaml")), ids=lambda p: p.stem)
def test_scenes_load(scene: Path) -> None:
    read = read_scene(scene)
    assert len(make_plan(read.scene)) > 1 and not read.warnings

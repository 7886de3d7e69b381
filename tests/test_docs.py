"""The documents are true: the examples load, and every setting of the schema is explained."""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.load import load_scene
from pipeline.plan import make_plan
from pipeline.scene import Scene

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "docs" / "scene.md"


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


@pytest.mark.parametrize("document", ["README.md", "docs/scene.md"])
def test_examples_load(document: str, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "pulse.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    text = (ROOT / document).read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert examples
    for example in examples:
        scene = tmp_path / "scene.yaml"
        scene.write_text(example, encoding="utf-8")
        assert len(make_plan(load_scene(scene))) > 1


@pytest.mark.parametrize("scene", sorted((ROOT / "scenes").glob("*.yaml")), ids=lambda p: p.stem)
def test_scenes_load(scene: Path) -> None:
    assert len(make_plan(load_scene(scene))) > 1

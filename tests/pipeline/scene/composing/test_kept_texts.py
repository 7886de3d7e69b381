"""The texts of a scene as they are kept beside its render."""

from __future__ import annotations

from pathlib import Path

from pipeline.scene.composing.choice import AS_WRITTEN, Choice
from pipeline.scene.composing.kept_texts import kept_texts
from pipeline.scene.load import read_scene

HEAD = "video: {size: [64, 64], duration: 4}\n"


def texts_of(path: Path, choice: Choice = AS_WRITTEN) -> dict[str, str]:
    return kept_texts(path, read_scene(path, choice=choice).document, choice)


def test_a_scene_alone_is_kept_to_the_character(tmp_path: Path) -> None:
    text = f"# Mine.\n{HEAD}prompts: rain  # é\n\n\n"
    (tmp_path / "night.yaml").write_text(text, encoding="utf-8")
    assert texts_of(tmp_path / "night.yaml") == {"night.yaml": text}


def test_what_lies_below_and_above_it_is_kept_too(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "night.yaml").write_text(HEAD)
    (tmp_path / "base" / "words.yaml").write_text("prompts: rain\n")
    text = (
        "include: [base/night.yaml, base/words.yaml]\nprofiles: {draft: {video: {duration: 2}}}\n"
    )
    (tmp_path / "night.yaml").write_text(text)
    assert texts_of(tmp_path / "night.yaml", Choice("draft", ["seed=3", "camera.fov=60"])) == {
        "night.yaml": text,
        "1-night.yaml": HEAD,
        "words.yaml": "prompts: rain\n",
        "options.txt": "--profile draft\n--set seed=3\n--set camera.fov=60\n",
    }

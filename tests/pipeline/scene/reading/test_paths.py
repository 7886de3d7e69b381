"""Files and folders that a scene names: from its own folder, or from the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.reading.paths import path_from
from pipeline.spec.sources import FolderSource
from tests.media import write_silence
from tests.pipeline.networks.tiny import save_denoiser, unet
from tests.pipeline.scene_files import VIDEO, load, write_picture


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


def test_names_are_relative_to_the_scene_unless_they_say_otherwise(home: Path) -> None:
    folder = home / "scenes"
    assert path_from(folder, "a.png") == (folder / "a.png").resolve()
    assert path_from(folder, "../a.png") == (home / "a.png").resolve()
    assert path_from(folder, "~/a.png") == (home / "a.png").resolve()
    assert path_from(folder, "/music/a.wav") == Path("/music/a.wav").resolve()
    assert path_from(folder, "a~b.png") == (folder / "a~b.png").resolve()


def test_every_path_of_a_scene_may_begin_in_the_users_folder(tmp_path: Path, home: Path) -> None:
    write_picture(home / "a.png")
    write_silence(home / "a.wav", 0.1)
    save_denoiser(home / "net", unet())
    text = VIDEO + (
        "prompts: [fog, {image: ~/a.png}]\n"
        "sampler: {init_image: ~/a.png}\n"
        "models: {denoiser: ~/net}\n"
        "camera: {depth: ~/a.png}\n"
        "music: {file: ~/a.wav}\n"
    )
    scene = load(tmp_path, text)
    picture = (home / "a.png").resolve()
    made = make_plan(scene)
    assert scene.sampler.init_image == picture
    assert scene.music.file == (home / "a.wav").resolve()
    assert made[0].prompts[1].text == str(picture)
    assert scene.models.denoiser == FolderSource(str((home / "net").resolve()))
    assert scene.camera.depth is not None and set(scene.camera.depth.files) == {picture}

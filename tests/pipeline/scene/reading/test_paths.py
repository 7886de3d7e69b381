"""Files and folders that a scene names: from its own folder, or from the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.reading.paths import path_from
from pipeline.spec.sources import FolderSource
from tests.pipeline.networks.tiny import save_denoiser, unet
from tests.pipeline.scene_files import VIDEO, complaints, load, write_picture


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
    assert path_from(folder, "C:/a.png") == (folder / "C:/a.png").resolve()


def test_every_path_of_a_scene_may_begin_in_the_users_folder(tmp_path: Path, home: Path) -> None:
    write_picture(home / "a.png")
    save_denoiser(home / "net", unet())
    text = VIDEO + (
        "prompts: [fog, {image: ~/a.png}]\n"
        "sampler: {init_image: ~/a.png}\n"
        "models: {denoiser: ~/net}\n"
        "camera: {depth: ~/a.png}\n"
        "music: {file: ~/a.png}\n"
    )
    scene = load(tmp_path, text)
    picture = (home / "a.png").resolve()
    made = make_plan(scene)
    assert scene.music.file == scene.sampler.init_image == picture
    assert made[0].painting.prompts[1].text == str(picture)
    assert scene.models.denoiser == FolderSource(str((home / "net").resolve()))
    assert scene.camera.depth is not None and set(scene.camera.depth.files) == {picture}


ADDRESS = "https://example.org/a.png"


@pytest.mark.parametrize(
    "setting",
    [
        f"music: {{file: '{ADDRESS}'}}",
        f"sampler: {{init_image: '{ADDRESS}'}}",
        f"camera: {{depth: '{ADDRESS}'}}",
        f"camera: {{depth: {{pictures: '{ADDRESS}'}}}}",
        *(f"models: {{{network}: '{ADDRESS}'}}" for network in ("denoiser", "encoders", "depth")),
        f"models: {{secondary: '{ADDRESS}'}}",
        f"models: {{denoiser: {{file: '{ADDRESS}', config: pixelart}}}}",
        f"prompts: {{image: '{ADDRESS}'}}",
    ],
)
def test_addresses_are_not_fetched(tmp_path: Path, setting: str) -> None:
    text = VIDEO + ("" if setting.startswith("prompts") else "prompts: fog\n") + setting + "\n"
    (said,) = complaints(tmp_path, text)
    assert said.endswith(
        f'found "{ADDRESS}", and addresses are not fetched; download the file, put it beside the '
        "scene, and write its name"
    )


@pytest.mark.parametrize("name", ["http://a", "HTTPS://a", "s3://a/b", "www.example.org/a.png"])
def test_addresses(name: str) -> None:
    with pytest.raises(ValueError, match="addresses are not fetched"):
        path_from(Path(), name)

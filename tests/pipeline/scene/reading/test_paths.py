"""Files and folders that a scene names: from its own folder, or from the user's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.reading.paths import path_from, readable
from pipeline.spec.sources import FolderSource
from tests.media import write_silence
from tests.pipeline.networks.tiny import save_denoiser, unet
from tests.pipeline.scene_files import BASE, VIDEO, complaints, load, write_picture


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


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:///music/a%20song.wav", "/music/a song.wav"),
        ("file:///C:/music/a.wav", "C:/music/a.wav"),
        ("file://localhost/music/a.wav", "/music/a.wav"),
    ],
)
def test_an_address_of_this_computer_is_told_as_a_path(address: str, path: str) -> None:
    with pytest.raises(ValueError, match=f'write the path alone, as "{path}"'):
        path_from(Path(), address)


@pytest.mark.parametrize("name", ["http://a", "HTTPS://a", "s3://a/b", "www.example.org/a.png"])
def test_addresses(name: str) -> None:
    with pytest.raises(ValueError, match="addresses are not fetched"):
        path_from(Path(), name)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ('sampler: {init_image: "C:\\new\\table.png"}', "3:23: sampler.init_image"),
        ('music: {file: "C:\\new\\table.png"}', "3:15: music.file"),
        ('camera: {depth: "C:\\new\\table.png"}', "3:17: camera.depth"),
        ('models: {denoiser: "C:\\new\\table.png"}', "3:20: models.denoiser"),
        (
            'models: {denoiser: {file: "C:\\new\\table.png", config: a}}',
            "3:27: models.denoiser.file",
        ),
    ],
)
def test_a_windows_path_in_double_quotes_is_told_how_to_be_written(
    tmp_path: Path, written: str, place: str
) -> None:
    assert complaints(tmp_path, f"{BASE}{written}\n")[0] == (
        f'{place}: "C:\\new\\table.png" holds a line break, a tab or the like, which double quotes '
        'make of a backslash and a letter; write a path with "/", or in single quotes'
    )


@pytest.mark.parametrize("name", ['"a\\nb.mp4"', '"a\\tb.mp4"', '"a\\Nb.mp4"'])
def test_a_video_is_not_named_in_two_lines(tmp_path: Path, name: str) -> None:
    (problem,) = complaints(tmp_path, f"{BASE}output: {{file: {name}}}\n")
    assert "expected a name without folders" in problem and problem.isprintable()


def test_a_title_is_one_line_of_characters(tmp_path: Path) -> None:
    for title, words in (('"a\\Lb"', "expected a text in one line"), ('"a\\0"', "U+0000")):
        text = f"video: {{size: [64, 64], duration: 4, title: {title}}}\nprompts: a\n"
        assert words in complaints(tmp_path, text)[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"sc\xc3\xa8ne \xe7\x81\xaf", "scène 灯"),
        (b"caf\xe9", "caf\ufffd"),
        (b"a\nb\x1b", "a\ufffdb\ufffd"),
    ],
)
def test_a_name_of_any_bytes_becomes_a_title(name: bytes, shown: str) -> None:
    assert readable(os.fsdecode(name)) == shown

"""`discoreel new`: what it writes, what it tells, what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Error
from pipeline.scene.load import read_scene
from pipeline.scene.schema_file import FILE, LINE, schema_text
from pipeline.scene.starting.templates import templates
from tests.media import CD_RATE, write_wav
from tests.pipeline.cli.painted import say

SONG = Path(__file__).parents[3] / "scenes" / "music" / "pulse.ogg"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_scene_and_the_schema_are_written(tmp_path: Path) -> None:
    out, err = say("new", "night")
    assert out == f"wrote night.yaml and {FILE}; next: discoreel render night.yaml\n" and not err
    text = (tmp_path / "night.yaml").read_text("utf-8")
    assert text.startswith(f"{LINE}\n# A flight") and "discoreel render night.yaml" in text
    assert (tmp_path / FILE).read_text("utf-8") == schema_text()
    assert not read_scene(tmp_path / "night.yaml").warnings


@pytest.mark.parametrize("name", sorted(templates()))
def test_each_template_passes_its_check(name: str, tmp_path: Path) -> None:
    say("new", "a scene", "--template", name)
    out, err = say("check", "a scene.yaml")
    assert out.endswith("; no mistakes\n") and not err
    assert (tmp_path / "a scene.png").exists() == (name == "picture")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(templates()))
def test_each_template_renders(name: str, tmp_path: Path) -> None:
    say("new", "scene", "--template", name)
    scene = tmp_path / "scene.yaml"
    # A loop begins with what lies behind its end, so that two of its frames ask for them all.
    short = scene.read_text("utf-8").replace("duration: 4s", "duration: 1.1s")
    steps = "" if "sampler:" in short else "sampler: {steps: 4}\n"
    scene.write_text(short + steps, "utf-8")
    say("render", "scene.yaml", "--out", "out", "--frames", "0:2")
    assert len(list((tmp_path / "out" / "frames").rglob("*.png"))) >= 2


def test_the_templates_are_listed() -> None:
    out, _ = say("new", "--list")
    assert [line.split()[0] for line in out.splitlines()] == sorted(templates())


@pytest.mark.slow
def test_a_song_becomes_shots_on_its_sections(tmp_path: Path) -> None:
    shutil.copy(SONG, tmp_path / "my song.ogg")
    out, err = say("new", "clip", "--music", "my song.ogg")
    assert out.startswith("wrote clip.yaml and ") and err == "listening to my song.ogg ...\n"
    read = read_scene(tmp_path / "clip.yaml")
    assert [shot.name for shot in read.scene.shots] == ["verse", "break", "chorus", "outro"]
    assert read.scene.music.bpm == 120 and read.scene.music.first_beat == 0.5
    assert read.scene.music.file == tmp_path / "my song.ogg" and not read.warnings


@pytest.mark.slow
def test_a_song_without_a_beat_is_told_of_and_named_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(20 * CD_RATE) / CD_RATE)
    write_wav(tmp_path / "song.wav", tone)
    _, err = say("new", "below/clip", "--music", "song.wav")
    assert "no rhythm is heard" in err
    read = read_scene(tmp_path / "below" / "clip.yaml")
    assert read.scene.music.file == tmp_path / "song.wav"
    assert read.scene.music.bpm is None and not read.warnings


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "night.yaml").write_text("mine")
    with pytest.raises(Error, match=r"night\.yaml: this is there already; choose another name"):
        say("new", "night")
    (tmp_path / "dawn.png").write_text("mine")
    with pytest.raises(Error, match=r"dawn\.png: this is there already"):
        say("new", "dawn", "--template", "picture")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dawn.png", "night.yaml"]


def test_an_older_schema_is_replaced_and_another_s_file_is_not(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"title": "A scene of discoreel"}')
    say("new", "night")
    assert (tmp_path / FILE).read_text("utf-8") == schema_text()
    (tmp_path / FILE).write_text('{"title": "mine"}')
    with pytest.raises(Error, match="no schema of discoreel; move it away"):
        say("new", "dawn")
    assert not (tmp_path / "dawn.yaml").exists()


@pytest.mark.parametrize("name", ["a:b", "..", ".hidden", "-", "", "a\nb", "🌊", "a?b.yaml"])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Error, match="cannot be the name of a scene; write letters"):
        say("new", "--", name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["Nacht 2", "夜", "été", "a_b-c.yaml", "v.yml"])
def test_names_of_any_script_will_do(name: str, tmp_path: Path) -> None:
    say("new", name)
    file = name if name.endswith(("yaml", "yml")) else f"{name}.yaml"
    assert (tmp_path / file).exists()


def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(Error, match="videos: there is no such folder; make it first"):
        say("new", "videos/night")


def test_a_template_that_is_none_is_refused() -> None:
    with pytest.raises(Error, match='no template "tunel"'):
        say("new", "night", "--template", "tunel")


def test_a_song_and_a_template_without_shots_do_not_go_together() -> None:
    with pytest.raises(Error, match=r"leave out --template zoom, or .*\{file: song.ogg\}"):
        say("new", "night", "--template", "zoom", "--music", "song.ogg")


def test_a_song_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "song.txt").write_text("la la la")
    with pytest.raises(Error, match="not a sound that can be read"):
        say("new", "night", "--music", "song.txt")
    with pytest.raises(Error, match=r"gone\.ogg"):
        say("new", "night", "--music", "gone.ogg")
    assert not (tmp_path / "night.yaml").exists()

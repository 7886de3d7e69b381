"""What a command writes takes the place of nothing that it reads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.writing import writing
from pipeline.errors import Error
from tests.pipeline.cli.painted import write_scene
from tools.song.__main__ import FOLDER

LOST = "this is what is read here, and would be lost; name another file"


@pytest.mark.parametrize("kind", ["same", "hard link", "soft link"])
def test_a_file_that_is_read_is_not_written(tmp_path: Path, kind: str) -> None:
    song = tmp_path / "song.wav"
    song.write_bytes(b"sound")
    target = {"same": tmp_path / "." / "song.wav"}.get(kind, tmp_path / "link.wav")
    if kind == "hard link":
        os.link(song, target)
    elif kind == "soft link":
        target.symlink_to(song)
    with pytest.raises(Error, match=LOST), writing(target, tmp_path / "gone.wav", song):
        target.write_bytes(b"clicks")
    assert song.read_bytes() == b"sound"


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--plot", "--click"])
def test_music_spares_its_song(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    song = Path(shutil.copy(FOLDER / "pulse.ogg", tmp_path))
    before = song.read_bytes()
    result = CliRunner().invoke(app, ["music", song.name, option, song.name])
    assert LOST in str(result.exception) and song.read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--json", "--plot"])
def test_plan_spares_its_scene(tmp_path: Path, option: str) -> None:
    scene = write_scene(tmp_path)
    before = scene.read_bytes()
    result = CliRunner().invoke(app, ["plan", str(scene), option, str(scene)])
    assert LOST in str(result.exception) and scene.read_bytes() == before

"""What a command writes takes the place of nothing that it reads."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.writing import is_there, writing
from pipeline.errors import Error
from pipeline.files.png import encode_png
from tests.pipeline.cli.painted import write_scene
from tools.song.__main__ import FOLDER

BASE = "video: {size: [96, 96], duration: 4s}\nprompts: a castle\n"
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


@pytest.mark.parametrize("option", ["--json", "--plot", "--csv"])
def test_plan_spares_every_file_that_its_scene_names(tmp_path: Path, option: str) -> None:
    picture, mask = tmp_path / "start.png", tmp_path / "masks" / "sky.png"
    mask.parent.mkdir()
    for file in (picture, mask):
        file.write_bytes(encode_png(np.full((96, 96, 3), 200, np.uint8)))
    scene = write_scene(tmp_path)
    named = "sampler: {init_image: start.png}\nguidance: {repaint: {mask: masks/sky.png}}\n"
    scene.write_text(f"{BASE}{named}output: {{file: made.mp4}}\n", encoding="utf-8")
    for file in (picture, mask):
        before = file.read_bytes()
        result = CliRunner().invoke(app, ["plan", str(scene), option, str(file)])
        assert LOST in str(result.exception) and file.read_bytes() == before
    made = tmp_path / "made.mp4"
    made.write_bytes(b"old")
    assert CliRunner().invoke(app, ["plan", str(scene), option, str(made)]).exit_code == 0


def test_a_place_that_nobody_may_look_at_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exists(self: Path, **_: object) -> bool:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "exists", exists)
    told = "cannot be written (Permission denied); name a file in a folder that you may write to"
    with pytest.raises(Error, match=re.escape(told)):
        is_there(tmp_path / "a.yaml")
    with pytest.raises(Error, match=re.escape(told)), writing(tmp_path / "a", tmp_path / "b"):
        pass
    with pytest.raises(Error, match="File name too long"), writing(tmp_path / ("x" * 300)):
        (tmp_path / ("x" * 300)).write_bytes(b"")

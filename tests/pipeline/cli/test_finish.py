"""The end of a render: what is made of the frames, in which order, and what a failure leaves."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pipeline.cli import finish as module
from pipeline.cli.error_handler import INTERRUPTED, error_handler
from pipeline.cli.finish import finish
from pipeline.errors import Error, RunError
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels, decode_png
from pipeline.output.fit import Size, fitted
from pipeline.output.turn import output_turn
from pipeline.run.footage import read_footage
from pipeline.spec.plan import Fit, OutputSpec
from tests.media import look, write_silence, write_tone
from tests.pipeline.plans import HEIGHT, WIDTH, chain_plan, picture
from tests.pipeline.runs import render

COUNT = 4


def make_run(folder: Path, **output: object) -> Path:
    """A run with all its frames."""
    spec = OutputSpec(**{"file": "a.mp4", "preset": "ultrafast", **output})  # type: ignore[arg-type]
    render(folder, replace(chain_plan(COUNT), output=spec))
    return folder


def end(folder: Path) -> None:
    finish(read_footage(folder), folder, "cpu", Console(quiet=True))


def test_the_sheet_and_the_video_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_run(tmp_path / "run")
    end(folder)
    assert capsys.readouterr().out == (
        f"video          {folder / 'a.mp4'}\ncontact sheet  {folder / 'contact-sheet.png'}\n"
    )


def test_a_sound_that_cannot_be_used_costs_the_video_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = write_tone(tmp_path / "song.wav", 0.5)
    folder = make_run(tmp_path / "run", soundtrack=str(song))
    song.write_text("the words of the song")
    with pytest.raises(Error) as caught:
        end(folder)
    assert str(caught.value) == (
        f"the soundtrack {song} is not a sound that can be read (a text); allowed are WAV, FLAC, "
        "MP3, M4A or Ogg files and the like, or name another file under music.file and render the "
        "scene again with the same --out; its frames are kept"
    )
    assert (folder / "contact-sheet.png").is_file() and not (folder / "a.mp4").exists()
    assert capsys.readouterr().out == f"contact sheet  {folder / 'contact-sheet.png'}\n"
    write_tone(song, 0.5)
    end(folder)
    assert "Audio: aac" in look(folder / "a.mp4").words


def test_the_sheet_is_there_when_ffmpeg_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(tmp_path / "run")
    failing = tmp_path / "ffmpeg"
    failing.write_text("#!/bin/sh\necho 'trailer: No space left on device' >&2\nexit 228\n")
    failing.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(failing))
    with pytest.raises(Error, match="the disk is full"):
        end(folder)
    assert read_picture(folder / "contact-sheet.png").shape[1] == 1200
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == [
        *("contact-sheet.png", "frames", "journal.jsonl", "run.json")
    ]


def test_a_project_that_moved_is_assembled(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    song = write_silence(project / "song.wav", 0.2)
    make_run(project / "run", soundtrack=str(song))
    moved = project.rename(tmp_path / "elsewhere")
    end(moved / "run")
    assert "Audio: aac" in look(moved / "run" / "a.mp4").words


def test_what_a_killed_command_left_half_written_goes(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    left = [folder / ".video-77-0a0b0c0d.part.mp4", folder / ".a.part.mp4"]
    for path in left:
        path.write_bytes(b"half")
    end(folder)
    assert not any(path.exists() for path in left)


def stop_in(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Somebody asks the program to stop when it comes to this step."""
    monkeypatch.setattr(module, step, lambda *_, **__: signal.raise_signal(signal.SIGTERM))


def stopped(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The words of an end that is stopped."""
    with pytest.raises(SystemExit) as caught, error_handler():
        end(folder)
    assert caught.value.code == INTERRUPTED
    return capsys.readouterr().err


def test_a_stop_while_the_video_is_made_says_that_no_frame_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_run(tmp_path / "run")

    def slow(*_: object, **__: object) -> Iterator[Pixels]:
        yield picture(0)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(module, "composed", slow)
    assert stopped(folder, capsys) == (
        "stopped: all frames are there, a.mp4 was not made; the same command makes it\n"
        "interrupted\n"
    )
    assert not list(folder.glob("*.mp4")) and not list(folder.glob(".*.part*"))
    monkeypatch.undo()
    end(folder)
    assert look(folder / "a.mp4").pixels.shape[0] == COUNT


def test_a_stop_names_the_video_that_is_missing_and_how_many_frames_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    render(folder, replace(chain_plan(COUNT), output=OutputSpec("a.mp4")), frames=range(3))
    stop_in(monkeypatch, "make_video")
    assert stopped(folder, capsys).startswith("stopped: 3 of 4 frames are there, a.mp4 was not ")


def test_a_stop_while_the_sheet_of_stills_is_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_run(tmp_path / "run", stills=True)
    stop_in(monkeypatch, "make_sheet")
    assert stopped(folder, capsys).startswith(
        "stopped: all frames are there, the contact sheet was not made; "
    )


def test_two_processes_do_not_make_one_video(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    with output_turn(folder, ()), pytest.raises(RunError, match="another process makes the video"):
        end(folder)


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch"])
@pytest.mark.parametrize("size", [(20, 60), (60, 20), (8 * WIDTH, 8 * HEIGHT)])
def test_stills_get_the_size_and_fit_that_the_scene_asks_for(
    tmp_path: Path, size: Size, fit: Fit
) -> None:
    folder = make_run(tmp_path / "run", size=size, fit=fit, stills=True)
    end(folder)
    for frame in range(COUNT):
        found = decode_png((folder / "upscaled" / f"{frame:06d}.png").read_bytes())
        np.testing.assert_array_equal(found, fitted(picture(frame), size, fit))


def test_an_enlarged_video_is_fitted_once(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", size=(32, 96), upscale="starter", fit="contain", crf=0)
    end(folder)
    video = look(folder / "a.mp4").pixels
    assert video.shape == (COUNT, 96, 32, 3)
    bar = (96 - round(32 * HEIGHT / WIDTH)) // 2
    assert video[:, : bar - 3].max() < 8 and video[:, bar + 1 : -bar - 1].mean() > 60


@pytest.mark.slow
def test_another_fit_makes_the_enlarged_frames_anew_where_it_matters(tmp_path: Path) -> None:
    for size, is_same in (((64, 96), False), ((2 * WIDTH, 2 * HEIGHT), True)):
        folder = make_run(tmp_path / f"{size[0]}", size=size, fit="cover", stills=True)
        end(folder)
        times = {path: path.stat().st_mtime_ns for path in (folder / "upscaled").iterdir()}
        for path in times:
            os.utime(path, ns=(1, 1))
        manifest = json.loads((folder / "run.json").read_text())
        manifest["output"]["fit"] = "contain"
        (folder / "run.json").write_text(json.dumps(manifest))
        end(folder)
        kept = [path.stat().st_mtime_ns == 1 for path in times]
        assert kept == [is_same] * COUNT

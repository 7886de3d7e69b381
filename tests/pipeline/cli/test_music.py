"""`discoreel music`, on the song that ships and on what is no song."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import Error
from tests.media import write_silence, write_tone
from tests.pipeline.cli.painted import say
from tools.song import score
from tools.song.__main__ import FOLDER

PULSE = FOLDER / "pulse.ogg"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found in a song is kept beside the renders of the working directory."""
    monkeypatch.chdir(tmp_path)


def refused(*arguments: str | Path) -> str:
    with pytest.raises(Error) as caught:
        CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    return str(caught.value)


@pytest.mark.slow
def test_the_song_that_ships_is_heard_as_it_was_written(tmp_path: Path) -> None:
    out, err = say("music", PULSE, "--json")
    told = json.loads(out)
    assert err == "" and told["bpm"] == pytest.approx(120, abs=0.05) and told["trusted"]
    first, *_ = told["bars"]
    assert first == pytest.approx(score.FIRST_BEAT, abs=0.01)
    # Until the outro, in which nobody plays a beat.
    beats = np.array([beat for beat in told["beats"] if beat < 36.6])
    truth = 0.5 + 0.5 * np.arange(73)
    assert len(beats) == 73 and np.abs(beats - truth).max() < 0.01
    assert [section["name"] for section in told["sections"]] == [
        *("verse", "break", "chorus", "outro")
    ]


def coarse(text: str) -> str:
    """What is said, without what may change a little with how it is heard."""
    unsure = re.sub(r"\d\.\d\d( of 1)?\)", "", text)
    return re.sub(r"\d+\.\d+ s", lambda second: f"{float(second[0][:-2]):.1f} s", unsure)


@pytest.mark.slow
def test_the_manual_shows_what_is_said_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    root = FOLDER.parents[1]
    monkeypatch.chdir(root)
    monkeypatch.setattr("pipeline.scene.listening.CACHE", None)
    said, _ = say("music", PULSE.relative_to(root))
    fenced = (root / "docs" / "music.md").read_text("utf-8").split("```")[1::2]
    outline, block = (text[1:] for text in fenced if text.startswith("\n"))
    shown, heard = (coarse(text) for text in (outline, said))
    assert shown == heard
    assert block == say("music", PULSE.relative_to(root), "--yaml")[0]


@pytest.mark.slow
def test_its_block_for_a_scene_is_the_truth(tmp_path: Path) -> None:
    out, _ = say("music", PULSE, "--yaml", "--bpm", "100-140", "--beats-per-bar", "4")
    music = yaml.safe_load(out)["music"]
    assert music.pop("first_beat") == pytest.approx(0.5, abs=0.005)
    assert music == {
        "file": PULSE.as_posix(),
        "bpm": 120,
        "beats_per_bar": 4,
        "sections": {"verse": "bar 1", "break": "bar 9", "chorus": "bar 11", "outro": "bar 19"},
    }


@pytest.mark.slow
def test_plot_and_clicks_are_written_and_told_beside_the_words(tmp_path: Path) -> None:
    plot, click = tmp_path / "song.png", tmp_path / "click.wav"
    out, err = say("music", PULSE, "--yaml", "--plot", plot, "--click", click)
    assert yaml.safe_load(out)["music"]["bpm"] == 120
    assert err == f"wrote {plot}\nwrote {click}\n"
    assert plot.read_bytes().startswith(b"\x89PNG") and click.read_bytes().startswith(b"RIFF")


@pytest.mark.slow
def test_a_tone_has_no_rhythm_and_that_is_said(tmp_path: Path) -> None:
    out, err = say("music", write_tone(tmp_path / "tone.wav", 12.0))
    assert "no rhythm that can be trusted" in out and "tempo" not in out
    assert "give bounds for its tempo" in err


def test_what_is_no_song_is_refused(tmp_path: Path) -> None:
    text, silent = tmp_path / "song.txt", write_silence(tmp_path / "silent.wav", 3.0)
    text.write_text("la la la\n" * 100)
    assert "cannot be read" in refused("music", tmp_path / "missing.wav")
    assert "(a text)" in refused("music", text)
    assert "is silent from its beginning to its end" in refused("music", silent)


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--plot", "--click"])
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, option: str) -> None:
    target = tmp_path / "nowhere" / "file"
    assert refused("music", PULSE, option, target) == (
        f"{target}: cannot be written (No such file or directory); name a file in a folder that "
        "you may write to"
    )


def test_only_one_thing_is_printed() -> None:
    done = CliRunner().invoke(app, ["music", str(PULSE), "--yaml", "--json"])
    assert done.exit_code == 2 and "name one of --yaml and --json" in done.stderr

"""The sound of a run is found where it lay, or where it went together with the run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.run.footage import read_footage
from pipeline.spec.plan import OutputSpec, Plan
from tests.media import write_silence
from tests.pipeline.plans import chain_plan
from tests.pipeline.runs import render


def plan_with(sound: Path) -> Plan:
    return replace(chain_plan(2), output=OutputSpec(soundtrack=str(sound)))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a song and a run."""
    folder = tmp_path / "project"
    (folder / "renders").mkdir(parents=True)
    render(folder / "renders" / "a", plan_with(write_silence(folder / "song.wav", 0.1)))
    return folder


def sound_of(run: Path) -> str | None:
    return read_footage(run).output.soundtrack


def test_a_run_that_stays_keeps_its_sound(project: Path) -> None:
    assert sound_of(project / "renders" / "a") == str(project / "song.wav")


def test_run_and_sound_move_together(project: Path, tmp_path: Path) -> None:
    moved = project.rename(tmp_path / "elsewhere")
    assert sound_of(moved / "renders" / "a") == str(moved / "song.wav")


def test_a_copy_has_the_sound_of_its_own(project: Path, tmp_path: Path) -> None:
    moved = project.rename(tmp_path / "elsewhere")
    project.mkdir()
    write_silence(project / "song.wav", 0.2)
    assert sound_of(moved / "renders" / "a") == str(moved / "song.wav")


def test_a_run_that_moves_alone_finds_the_sound_where_it_was(project: Path, tmp_path: Path) -> None:
    moved = (project / "renders" / "a").rename(tmp_path / "a")
    assert sound_of(moved) == str(project / "song.wav")


def test_by_a_relative_path_and_through_a_link_it_is_the_same(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "renders")
    (tmp_path / "link").symlink_to(project / "renders")
    for run in (Path("a"), tmp_path / "link" / "a"):
        render(run, plan_with(project / "song.wav"))
        assert sound_of(run) == str(project / "song.wav")


def test_a_sound_that_is_gone_is_missed_where_it_would_be_looked_for(
    project: Path, tmp_path: Path
) -> None:
    (project / "song.wav").unlink()
    assert sound_of(project / "renders" / "a") == str(project / "song.wav")
    moved = project.rename(tmp_path / "elsewhere")
    assert sound_of(moved / "renders" / "a") == str(moved / "song.wav")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    alone = (moved / "renders" / "a").rename(tmp_path / "deep" / "er" / "a")
    assert sound_of(alone) == str(tmp_path / "deep" / "song.wav")


def test_to_render_again_tells_the_run_where_the_sound_is_now(project: Path) -> None:
    renamed = (project / "song.wav").rename(project / "tune.wav")
    assert render(project / "renders" / "a", plan_with(renamed)) == [], "every frame is kept"
    assert sound_of(project / "renders" / "a") == str(renamed)

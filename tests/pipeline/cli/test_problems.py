"""Mistakes and warnings as an author sees them."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli.problems import tell_mistakes, tell_warnings
from pipeline.cli.terminal import tell_styled
from pipeline.errors import MOST_SHOWN, Problem, SceneError
from pipeline.scene.load import load_scene, read_scene
from tests.pipeline.scene_files import BASE, write


class Terminal(io.StringIO):
    """Standard error as a person sees it."""

    def isatty(self) -> bool:
        return True


def mistakes(folder: Path, text: str) -> SceneError:
    with pytest.raises(SceneError) as caught:
        load_scene(write(folder, text))
    return caught.value


def said(capsys: pytest.CaptureFixture[str], folder: Path) -> list[str]:
    out, err = capsys.readouterr()
    assert not out
    return err.replace(f"{folder}/", "").splitlines()


def test_each_mistake_is_shown_in_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = BASE + 'camera: {zoom: "1 + sim(t)"}\n# a comment\nseed: -1\nsampler:\n  eta: 2\n'
    tell_mistakes(mistakes(tmp_path, text))
    lines = said(capsys, tmp_path)
    assert [line for line in lines if line.startswith((" ", "scene.yaml: "))] == [
        '  3 | camera: {zoom: "1 + sim(t)"}',
        "    |                     ^^^",
        "  5 | seed: -1",
        "    |       ^^",
        "  7 |   eta: 2",
        "    |        ^",
        "scene.yaml: 3 mistakes",
    ]
    assert lines[0].startswith('scene.yaml:3:21: camera.zoom: "sim" is not a function (did you')


def test_one_mistake_is_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell_mistakes(mistakes(tmp_path, BASE + "camra: {zoom: 2}\n"))
    first, *shown = said(capsys, tmp_path)
    assert first.startswith("scene.yaml:3:1: camra: unknown key (did you mean")
    assert shown == ["  3 | camra: {zoom: 2}", "    | ^^^^^"]


def test_the_carets_end_where_the_line_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_mistakes(mistakes(tmp_path, BASE + "seed:\n  - 1\n  - 2\n"))
    assert said(capsys, tmp_path)[1:] == ["  4 |   - 1", "    |   ^"]


def test_text_that_is_no_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell_mistakes(mistakes(tmp_path, "video: {size: [64, 64}\n"))
    first, *shown = said(capsys, tmp_path)
    assert first.startswith("scene.yaml:1:22: ")
    assert shown == ["  1 | video: {size: [64, 64}", "    |                      ^"]


def test_what_has_no_line_has_no_excerpt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_mistakes(mistakes(tmp_path, ""))
    assert len(said(capsys, tmp_path)) == 1


def test_of_very_many_mistakes_the_first_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = [Problem(line, 1, "", "no") for line in range(1, 100_001)]
    tell_mistakes(SceneError(tmp_path / "scene.yaml", problems, "a: 1\n" * 100_000))
    lines = said(capsys, tmp_path)
    assert len(lines) == 3 * MOST_SHOWN + 1
    assert lines[-1] == ("scene.yaml: 100,000 mistakes: these, and 99,950 more; mend these first")


def test_warnings_are_shown_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path, BASE.replace("64, 64", "96, 96") + "guidance: {init_hold: 0, hold_memory: 9}\n"
    )
    tell_warnings(read_scene(path), path)
    first, *shown = said(capsys, tmp_path)
    assert first.startswith("scene.yaml:3:39: warning: guidance.hold_memory: it says what")
    assert shown == [
        "  3 | guidance: {init_hold: 0, hold_memory: 9}",
        "    |                                       ^",
    ]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    place=st.integers(0, 200),
    length=st.integers(0, 8),
    typed=st.text(
        alphabet="{}[]:,'\"#&*!|>%@\t\n\r\x85\u2028\x00ab 1灯\u0301\U0001f98b-", max_size=6
    ),
)
def test_whatever_is_typed_can_be_shown(place: int, length: int, typed: str) -> None:
    text = BASE + 'camera: {zoom: "1 + sin(t)", roll: {0: 1, 9: {value: 2}}}\nseed: 3\n'
    with TemporaryDirectory() as folder, StringIO() as said, redirect_stderr(said):
        scene = Path(folder) / "scene.yaml"
        scene.write_bytes((text[:place] + typed + text[place + length :]).encode())
        try:
            tell_warnings(read_scene(scene), scene)
        except SceneError as error:
            tell_mistakes(error)
            assert all(len(line) < 1000 for line in said.getvalue().split("\n"))
            assert said.getvalue().count("^") >= 1 or not error.source.strip()


def coloured(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """What a terminal gets."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    tell_styled([("a\x1b[2J", "bold"), (" [b] :smile: ", ""), ("^", "bold red")])
    return terminal.getvalue()


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert coloured(monkeypatch) == ("\x1b[1ma\\x1b[2J\x1b[0m [b] :smile: \x1b[1;31m^\x1b[0m\n")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_one_that_wants_none_gets_none(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    assert coloured(monkeypatch, **environment) == "a\\x1b[2J [b] :smile: ^\n"


def test_a_long_message_is_not_broken_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's terminal does that, and what is copied from it is whole."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    tell_styled([("word " * 100, "")])
    assert terminal.getvalue().count("\n") == 1

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

from pipeline.cli.logs import log_to
from pipeline.cli.terminal import say, steady_streams, tell
from pipeline.files.opencv import decode


def test_a_character_that_the_terminal_does_not_have_is_its_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = io.BytesIO()
    latin = io.TextIOWrapper(content, encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", latin)
    with steady_streams():
        say("scène 灯")
        print("🦋")
    assert content.getvalue() == b"sc\xe8ne \\u706f\n\\U0001f98b\n"
    assert sys.stdout is latin and latin.errors == "strict"


def test_nothing_is_said_that_a_terminal_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\n\tb \x1b[2J")
    tell("\u202e\x07" + os.fsdecode(b"caf\xe9"))
    assert capsys.readouterr() == ("a\n\tb \\x1b[2J\n", "\\u202e\\x07caf\\xe9\n")


def test_a_reader_that_has_gone_away_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(sys, "stderr", pipe)
        with steady_streams():
            say("one\n" * 100_000)
            tell("two")
            Console(stderr=True).print("three")
        assert sys.stdout is pipe


def test_what_is_told_while_a_picture_is_decoded_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)

    def imdecode(data: object, flags: int) -> object:
        tell("finishing frame 3")
        os.write(2, b"libpng warning: iCCP: known incorrect sRGB profile")
        return pixels

    monkeypatch.setattr(cv2, "imdecode", imdecode)
    with steady_streams():
        assert decode(pixels, cv2.IMREAD_COLOR) is pixels
    tell("then stopping")
    assert capfd.readouterr().err == "finishing frame 3\nthen stopping\n"


def test_streams_go_by_the_descriptors_of_those_that_they_stand_for() -> None:
    """rich writes to a Windows console by its own calls where the descriptor is 1 or 2 alone."""
    before = sys.stdout.fileno(), sys.stderr.fileno()
    with steady_streams():
        assert (sys.stdout.fileno(), sys.stderr.fileno()) == before


def test_streams_that_are_closed_or_missing_take_all_words(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    closed.close()
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", closed)
    with steady_streams():
        say("one")
        tell("two")
    assert sys.stdout is None


def test_logged_names_are_shown_as_text() -> None:
    shown = io.StringIO()
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logging.getLogger("pipeline").level
    logger.handlers.clear()
    try:
        log_to(Console(file=shown, width=200), show_time=False)
        logging.getLogger("pipeline.test").info("read %s", Path("a\x1b[2J.png"))
    finally:
        logger.handlers[:] = handlers
        logging.getLogger("pipeline").setLevel(level)
    assert shown.getvalue().strip() == "read a\\x1b[2J.png"

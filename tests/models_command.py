"""`discoreel models` in this process, with a store of the test's own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from tests.pipeline.catalogue.mirrors import CONTENT

SUM = hashlib.sha256(CONTENT).hexdigest()


def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the models of one test lie; nobody has asked for any yet."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("DISCOREEL_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def said(*arguments: str) -> str:
    """Standard output of a command that does well, in this process."""
    done = CliRunner().invoke(app, ["models", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout

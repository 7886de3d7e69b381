"""What the program as a whole answers to: its version, and a shell that completes a line."""

from __future__ import annotations

import importlib.metadata
import os
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import PROGRAM, app
from tests import child
from tests.command_line import command, run

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    done = run("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"discoreel {project['version']}\n"), done.stderr


def test_a_checkout_that_nobody_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", unknown)
    assert CliRunner().invoke(app, ["--version"]).stdout == "discoreel (not installed)\n"


@pytest.mark.parametrize(("group", "count"), [([], 20), (["models"], 3), (["takes"], 3)])
def test_the_list_of_commands_says_each_in_a_line_that_is_whole(
    group: list[str], count: int
) -> None:
    shown = CliRunner().invoke(app, [*group, "--help"], env={"COLUMNS": "80"}).stdout
    _, lines = shown.split("Commands:\n")
    assert len(lines.splitlines()) == count
    assert [line for line in lines.splitlines() if not line.endswith(".") or "..." in line] == []


def completions(line: str) -> list[str]:
    """What bash is offered for the last word of a line."""
    words = line.split(" ")
    asked = {"_DISCOREEL_COMPLETE": "complete_bash", "COMP_WORDS": line}
    environment = {**os.environ, **asked, "COMP_CWORD": str(len(words) - 1)}
    done = child.run(command(), env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("discoreel ren", ["render"]),
        ("discoreel models ", ["list", "pull", "verify"]),
        ("discoreel render --mo", ["--models-dir"]),
        ("discoreel render --device c", ["cpu", "cuda"]),
    ],
)
def test_a_shell_completes_commands_options_and_choices(line: str, offered: list[str]) -> None:
    assert completions(line) == offered


@pytest.mark.slow
def test_what_a_shell_is_taught_calls_the_program_by_its_name(tmp_path: Path) -> None:
    """However it was started; and its start file is kept as it was, with a line added."""
    start = tmp_path / ".bashrc"
    start.write_text("alias ll='ls -l'\n")
    home = {
        **os.environ,
        "HOME": str(tmp_path),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    argv = command("--install-completion", "bash")
    done = child.run(argv, env=home, capture_output=True, text=True, check=True)
    script = tmp_path / ".bash_completions" / f"{PROGRAM}.sh"
    assert str(script) in done.stdout
    assert script.read_text().endswith(f"complete -o default -F _discoreel_completion {PROGRAM}")
    assert start.read_text().startswith("alias ll='ls -l'\n")
    assert f"source '{script}'" in start.read_text()

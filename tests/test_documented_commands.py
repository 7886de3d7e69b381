"""The commands that the documents show can be given, and the README's table lists every option."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from pipeline.cli.app import app

ROOT = Path(__file__).parent.parent


def group() -> TyperGroup:
    found = typer.main.get_command(app)
    assert isinstance(found, TyperGroup)
    return found


def parse(words: list[str]) -> None:
    """Raises what typer raises for a command, option or argument that there is not."""
    commands = group()
    name, *rest = words
    if rest and isinstance(inner := commands.commands[name], TyperGroup):
        commands, (name, *rest) = inner, rest
    commands.commands[name].make_context(name, rest)


COMMANDS = [
    line.removeprefix(".venv/bin/")
    for document in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for block in re.findall(r"^```sh\n(.*?)^```", document.read_text("utf-8"), re.M | re.S)
    for line in block.splitlines()
    if line.removeprefix(".venv/bin/").startswith("discoreel ")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_in_the_documents_can_be_given(line: str) -> None:
    _, *words = shlex.split(line, comments=True)
    parse(words)


@pytest.mark.parametrize("line", ["sing", "render scene.yaml --fast", "models push", "check"])
def test_one_that_cannot_would_be_seen(line: str) -> None:
    with pytest.raises(Exception, match=r"sing|--fast|push|SCENE"):
        parse(line.split())


def test_the_table_of_the_readme_lists_all_commands_and_their_options() -> None:
    rows = re.findall(
        r"^\| `discoreel (\w+)(.*?)` \|", (ROOT / "README.md").read_text("utf-8"), re.M
    )
    commands = group().commands
    assert {name for name, _ in rows} == set(commands)
    for name, usage in rows:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        long = {option for option in options if option.startswith("--")}
        assert set(re.findall(r"--[\w-]+", usage)) == long - {"--help"}


@pytest.mark.parametrize("name", ["models", "takes", "export"])
def test_the_table_of_the_readme_lists_what_a_group_of_commands_can_do(name: str) -> None:
    commands = group().commands[name]
    assert isinstance(commands, TyperGroup)
    listed = " \\| ".join(commands.commands)
    assert f"`discoreel {name} [{listed}]" in (ROOT / "README.md").read_text("utf-8")

"""What the shells are told when a word is to be completed, in the protocol of each."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests import child
from tests.command_line import command, environment


def completed(folder: Path, shell: str, line: str) -> str:
    """What a shell is told for the last word of a line."""
    words = line.split(" ")
    asked = {
        "_DISCOREEL_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
    }
    done = child.run(
        command(), cwd=folder, env={**environment(), **asked}, capture_output=True, text=True
    )
    assert done.returncode == 0 and not done.stderr
    told: str = done.stdout
    return told


CASES = [
    ("discoreel re", ["render"]),
    ("discoreel render --dev", ["--device"]),
    ("discoreel import --kind d", ["disco", "deforum"]),
    ("discoreel new night --template ", ["flight", "loop", "morph", "music", "picture"]),
    ("discoreel new night --template v", ["vertical"]),
]


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize(("line", "words"), CASES, ids=[line for line, _ in CASES])
def test_a_word_is_completed(shell: str, line: str, words: list[str], tmp_path: Path) -> None:
    told = completed(tmp_path, shell, line)
    if shell == "zsh":
        assert told.startswith("_arguments ") and all(f'"{word}"' in told for word in words)
    else:
        assert set(words) <= set(told.split())


@pytest.mark.slow
def test_scene_files_are_completed_by_zsh_itself(tmp_path: Path) -> None:
    assert completed(tmp_path, "zsh", "discoreel render sc").strip() == "_files"


TRY = """
source <(_DISCOREEL_COMPLETE=source_bash discoreel)
complete -p discoreel
COMP_WORDS=(discoreel new night --template st) COMP_CWORD=4
_discoreel_completion discoreel && echo "template ${COMPREPLY[*]}"
COMP_WORDS=(discoreel render sc) COMP_CWORD=2
_discoreel_completion discoreel && echo "scene ${COMPREPLY[*]}"
"""


@pytest.mark.slow
def test_a_real_bash_completes_templates_and_leaves_files_to_itself(tmp_path: Path) -> None:
    program = tmp_path / "discoreel"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n')
    program.chmod(0o755)
    here = {**environment(), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = child.run(
        ["bash", "--norc", "-c", TRY], cwd=tmp_path, env=here, capture_output=True, text=True
    )
    bound, template, scene = done.stdout.splitlines()
    # Where nothing is proposed, `-o default` completes the names of files.
    assert bound == "complete -o default -F _discoreel_completion discoreel"
    assert template == "template stills" and scene == "scene "

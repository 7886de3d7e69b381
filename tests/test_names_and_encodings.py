"""Scenes in files and folders of any name, on terminals that cannot show it."""

from __future__ import annotations

import json
import os
import subprocess
import wave
from pathlib import Path

import pytest

from tests.command_line import command, environment
from tests.pipeline.scene_files import write_picture

SCENE = """\
video: {size: [96, 96], fps: 8, duration: 0.25s}
music: {file: pulse.wav}
prompts: ["塔, a castle at night", {image: start.png}]
camera: {depth: start.png}
sampler: {steps: 2, init_image: start.png, skip_steps: {first: 1}}
output: {upscale: none}
"""
NAMES = ("Türme 塔.yaml".encode(), b"caf\xe9 \xff.yaml", b"\x1b[31mred.yaml")


def run(*arguments: bytes | str, cwd: bytes) -> tuple[int, str, str]:
    """Exit code, standard output and standard error, where only ASCII can be shown."""
    done = subprocess.run(
        [*command(), *map(os.fsdecode, arguments)],
        cwd=cwd,
        env={**environment(), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=300,
    )
    return done.returncode, done.stdout.decode("ascii"), done.stderr.decode("ascii")


def folder_with_scene(parent: Path, name: bytes) -> bytes:
    """A folder whose name is not UTF-8, with a scene and the files that it asks for."""
    folder = os.path.join(os.fsencode(parent), b"r\xeaves")
    os.mkdir(folder)
    path = Path(os.fsdecode(folder))
    (path / os.fsdecode(name)).write_text(SCENE, encoding="utf-8")
    write_picture(path / "start.png")
    with wave.open(str(path / "pulse.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_check_and_plan_take_a_scene_of_any_name(tmp_path: Path, name: bytes) -> None:
    folder = folder_with_scene(tmp_path, name)
    code, out, err = run("check", name, cwd=folder)
    assert (code, err) == (0, "") and out.endswith("no mistakes\n")
    code, out, err = run("plan", name, "--json", b"pl\xe4n.json", cwd=folder)
    assert (code, err) == (0, "") and out.endswith("wrote pl\\xe4n.json\n")
    with open(os.path.join(folder, b"pl\xe4n.json"), encoding="utf-8") as file:
        (start,) = json.load(file)["frames"][0]["inputs"]
    assert start["file"] == os.path.join(os.fsdecode(folder), "start.png")
    assert "\x1b" not in out


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES[:2])
def test_a_scene_of_any_name_is_rendered_and_assembled(tmp_path: Path, name: bytes) -> None:
    folder, stem = folder_with_scene(tmp_path, name), name.removesuffix(b".yaml")
    render = os.path.join(b"renders", stem)
    for arguments in (("render", name), ("render", name), ("assemble", render)):
        code, out, err = run(*arguments, cwd=folder)
        assert code == 0, err
        assert "video          renders/" in out and "contact sheet  renders/" in out
    made = os.listdir(os.path.join(folder, render))
    assert {stem + b".mp4", b"contact-sheet.png"} <= set(made)


@pytest.mark.slow
def test_a_reader_of_the_first_line_only_is_no_mistake(tmp_path: Path) -> None:
    folder = folder_with_scene(tmp_path, NAMES[0])
    with subprocess.Popen(
        [*command("plan"), os.fsdecode(NAMES[0])],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None and program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait(timeout=60) == 0

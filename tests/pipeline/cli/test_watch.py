"""`discoreel watch`: begun, ended, and refused."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.watch import has_screen
from pipeline.cli.watched import read_view
from pipeline.errors import MOST_SHOWN, Error
from pipeline.scene.composing.choice import Choice
from tests import child
from tests.command_line import command, environment
from tests.pipeline.cli.painted import write_scene


def refusal(*arguments: str | Path) -> str:
    with pytest.raises(Error) as caught:
        CliRunner().invoke(app, ["watch", *map(str, arguments)], catch_exceptions=False)
    return str(caught.value)


@pytest.mark.slow
def test_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    argv = command("watch", scene, "--no-open")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with child.start(argv, cwd=tmp_path, env=environment(), text=True, **pipes) as process:
        try:
            told = process.stdout.readline()
            address = re.fullmatch(rf"{re.escape(str(scene))}: (http://127\.0\.0\.1:\d+/)\n", told)
            assert address is not None, told
            # A page that listens must not keep it.
            with urllib.request.urlopen(f"{address[1]}events", timeout=60) as events:
                assert events.readline()
                process.send_signal(signal.SIGINT)
                _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, said) == (0, "Ctrl-C ends it\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sea.yaml"]


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = refusal(write_scene(tmp_path), "--port", str(port))
    assert told.startswith(f"port {port} of 127.0.0.1 cannot be used (")
    assert "give another one with --port" in told


def test_without_the_extra_it_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    told = refusal(write_scene(tmp_path))
    assert told.endswith(f"install them with: {sys.executable} -m pip install starlette uvicorn")


@pytest.mark.slow
def test_other_commands_start_without_a_server(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['discoreel', 'check', sys.argv[1]]\n"
        "import atexit; atexit.register(lambda: print(sorted({'starlette', 'uvicorn', 'torch'} & "
        "set(sys.modules))))\nfrom pipeline.__main__ import main; main()"
    )
    argv = [sys.executable, "-c", code, str(write_scene(tmp_path))]
    done = child.run(argv, capture_output=True, text=True, env=environment(), cwd=os.getcwd())
    assert done.stdout.endswith("no mistakes\n[]\n"), done.stderr


def test_a_browser_is_opened_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert has_screen()


def test_very_many_problems_are_counted(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    text = scene.read_text() + "".join(f"stray{n}: 1\n" for n in range(MOST_SHOWN + 7))
    scene.write_text(text, encoding="utf-8")
    assert b'"more": 7' in read_view(scene, tmp_path / "out").payload


def test_a_scene_in_layers_is_followed_with_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("video: {size: [64, 64], fps: 8, duration: 6}\n")
    scene = tmp_path / "sea.yaml"
    scene.write_text(
        "include: base.yaml\nprompts: a lighthouse\nprofiles: {draft: {video: {fps: 4}}}\n"
    )
    view = read_view(scene, tmp_path / "out", Choice("draft", ("camera.fov=60",)))
    assert view.understood is not None and view.understood.scene.video.fps == 4
    assert view.understood.scene.camera.fov is not None
    assert {scene, tmp_path / "base.yaml"} <= set(view.files)


def test_a_mistake_of_another_file_has_no_place_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("video: {size: [64, 64],\n  fsp: 8, duration: 6}\n")
    scene = tmp_path / "sea.yaml"
    scene.write_text("include: base.yaml\nprompts: a lighthouse\nsede: 3\n")
    view = read_view(scene, tmp_path / "out")
    data = json.loads(view.payload)
    own, other = data["problems"]
    assert (own["elsewhere"], own["line"]) == (None, 3)
    assert other["elsewhere"].endswith("base.yaml:2:3") and "fsp" in other["path"]
    assert tmp_path / "base.yaml" in view.files
    assert "fsp" not in data["source"]

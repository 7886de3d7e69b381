"""A render that is killed, edited or damaged continues exactly."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.command_line import frames, run, write_scene
from tests.killed import start_and_stop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The frames of the scene, rendered in one go."""
    folder = tmp_path_factory.mktemp("undisturbed")
    done = run("render", write_scene(folder), "--out", folder / "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return frames(folder / "out")


def test_killed_then_continued_gives_the_same_bytes(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    process = start_and_stop(scene, out, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    before = frames(out)
    assert len(before) < len(undisturbed), "the render had ended before it was killed"

    done = run("render", scene, "--out", out, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "frames are there already" in done.stderr
    assert frames(out) == undisturbed
    assert (out / "scene.mp4").is_file()


def test_without_its_journal_a_render_goes_on_as_well(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    part = run("render", scene, "--out", out, "--frames", "0:4", cwd=tmp_path)
    assert part.returncode == 0, part.stderr
    (out / "journal.jsonl").unlink()
    looked = run("status", out, cwd=tmp_path)
    assert "  journal  lost; the next render finds 4 frames by what they carry\n" in looked.stdout

    done = run("render", scene, "--out", out, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    told = " ".join(done.stderr.split())
    assert "the journal was lost: 4 frames were found again by what they carry" in told
    assert "4 of 6 frames are there already" in done.stderr
    assert frames(out) == undisturbed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_finishes_its_frame_says_how_far_it_came_and_continues(
    tmp_path: Path, undisturbed: dict[str, bytes], number: signal.Signals
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    process = start_and_stop(scene, out, number)
    _, words = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in words
    told = re.search(r"^finishing frame (\d), then stopping; once more stops now$", words, re.M)
    assert told is not None, words
    finished = int(told[1]) + 1
    assert f"\n{finished} of 6 frames; the same command continues\n" in words
    assert list(frames(out).items()) == list(undisturbed.items())[:finished]
    assert not list(out.glob("*.mp4"))

    done = run("render", scene, "--out", out, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert f"{finished} of 6 frames are there already" in done.stderr
    assert frames(out) == undisturbed


def test_an_edit_renders_again_from_where_it_changes(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    assert run("render", write_scene(tmp_path), "--out", out, cwd=tmp_path).returncode == 0
    edited = write_scene(tmp_path, camera="translate_z: {4: 4, 5: 9}, roll: 1")

    refused = run("render", edited, "--out", out, cwd=tmp_path)

    assert refused.returncode == 1
    assert "frame 5 would change: camera.translate_z was 4, is now 9;" in refused.stderr
    assert frames(out) == undisturbed

    done = run("render", edited, "--out", out, "--update", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    now = frames(out)
    assert [name for name in now if now[name] != undisturbed[name]] == ["000005.png"]
    (aside,) = (out / "takes").glob("*/frames/000005.png")
    assert aside.read_bytes() == undisturbed["000005.png"]


def test_a_damaged_frame_is_found_and_rendered_again(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    assert run("render", scene, "--out", out, cwd=tmp_path).returncode == 0
    damaged = out / "frames" / "000003.png"
    damaged.write_bytes(damaged.read_bytes()[:-20])

    done = run("render", scene, "--out", out, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "damaged frames are rendered again: 3" in done.stderr
    assert frames(out) == undisturbed

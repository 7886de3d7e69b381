"""A disk that is too small is told before a render fills it."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.cli.disk_room import bytes_in_words, narrow_disk
from pipeline.plan.room import room
from pipeline.scene.load import SceneRead, read_scene
from tests.pipeline.cli.painted import say, write_scene


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scene in the working folder."""
    monkeypatch.chdir(tmp_path)
    return write_scene(tmp_path)


def free(monkeypatch: pytest.MonkeyPatch, count: int) -> list[Path]:
    """Let every disk have so many bytes free; the folders that are asked for."""
    asked: list[Path] = []

    def usage(folder: Path) -> SimpleNamespace:
        asked.append(folder)
        return SimpleNamespace(free=count)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    return asked


def messages(read: SceneRead, scene: Path, out: Path | None = None) -> list[str]:
    return [one.told(Path("s")) for one in narrow_disk(read, scene, out)]


def test_a_full_disk_is_told_at_the_length(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = free(monkeypatch, 12_345)
    assert messages(read_scene(scene), scene) == [
        f"s:1:43: video.duration: what is to be rendered takes some "
        f"{bytes_in_words(room(read_scene(scene).scene))}, and 12 kB are free for renders/sea; "
        "make room, render with --out on another disk, or write a smaller size or duration"
    ]
    assert asked == [scene.parent]


def test_what_is_there_takes_no_more_room(
    scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_scene(scene)
    asked = free(monkeypatch, room(read.scene) // 2 + 100)
    out = tmp_path / "out"
    (out / "frames").mkdir(parents=True)
    assert len(messages(read, scene, out)) == 1
    for frame in range(3):
        (out / "frames" / f"{frame:06}.png").write_bytes(b"")
    assert messages(read, scene, out) == []
    assert asked == [out, out]


def test_room_enough_is_no_reason_to_speak(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 10**9)
    assert messages(read_scene(scene), scene) == []


def test_a_disk_that_does_not_say_is_not_told(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert messages(read_scene(scene), scene) == []


def test_check_counts_it(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 1)
    out, err = say("check", scene)
    assert out.endswith("no mistakes, 1 warning\n")
    assert ":1:43: warning: video.duration: what is to be rendered takes" in err
    listed, _ = say("check", scene, "--format", "github")
    assert listed.startswith("::warning file=") and listed.count("\n") == 1


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (7, "7.0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (3_250_000_000, "3.2 GB"),
        (999_600, "1.0 MB"),
        (64_000_000, "64 MB"),
        (10**18, "1000 PB"),
    ],
)
def test_bytes_in_words(count: int, words: str) -> None:
    assert bytes_in_words(count) == words

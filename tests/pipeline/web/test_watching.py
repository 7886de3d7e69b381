"""A scene that is followed through whatever happens to its file, and its animatics with it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from pipeline.web.animatics import Animatics
from pipeline.web.hub import Hub
from pipeline.web.view import View
from pipeline.web.watching import Watching
from tests.media import look, write_tone
from tests.pipeline.web.scenes import SCENE, render_of, understood, view, write_scene

GOOD = "video: {size: [64, 64], duration: 12}\nprompts: a castle\n"
LONGEST = 30.0
"""Seconds to wait on a busy machine for what takes a small part of one."""


async def until(met: Callable[[], bool]) -> None:
    end = monotonic() + LONGEST
    while not met():
        assert monotonic() < end, "it did not happen"
        await asyncio.sleep(0.02)


@dataclass
class Followed:
    scene: Path
    watching: Watching
    reads: list[View] = field(default_factory=list)

    async def shows(self, words: str) -> View:
        """The view once it has such words."""
        await until(lambda: words.encode() in (self.watching.view or NOTHING).payload)
        assert self.watching.view is not None
        return self.watching.view


NOTHING = View(b"", ())


@asynccontextmanager
async def followed(scene: Path) -> AsyncIterator[Followed]:
    films = scene.parent / "films"
    films.mkdir()
    hub = Hub()
    found: list[View] = []

    def read() -> View:
        found.append(view(scene))
        return found[-1]

    animatics = Animatics(films, render_of(scene), lambda news: hub.tell("animatic", news))
    watching = Watching(scene, render_of(scene), read, animatics, hub)
    task = asyncio.create_task(watching.follow_scene())
    try:
        yield Followed(scene, watching, found)
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await animatics.close()


@pytest.mark.slow
def test_whatever_happens_to_the_file_it_goes_on(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, GOOD)

    async def story() -> None:
        async with followed(scene) as one:
            assert (await one.shows("a castle")).understood is not None
            scene.write_text(GOOD + "camra: 1\n")
            assert (await one.shows("camra: 1")).understood is None
            scene.unlink()
            await one.shows("there is no such scene file")
            scene.mkdir()
            await one.shows("this is a folder; name a scene file in it")
            scene.rmdir()
            scene.write_bytes(b"\xff\xfe\xff")
            await one.shows("UTF-8")
            replacement = tmp_path / "other"
            replacement.write_text(GOOD.replace("castle", "ship"))
            os.replace(replacement, scene)
            assert (await one.shows("a ship")).understood is not None

    asyncio.run(story())


def test_half_of_a_save_is_not_told(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, GOOD)

    async def story() -> list[View]:
        async with followed(scene) as one:
            await one.shows("a castle")
            scene.write_text("")
            await asyncio.sleep(0.2)
            scene.write_text(GOOD.replace("castle", "ship"))
            await one.shows("a ship")
            return one.reads

    assert all(one.understood is not None for one in asyncio.run(story()))


def test_a_missing_song_mends_the_scene_when_it_comes(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, GOOD + "music: {file: other.wav}\n")

    async def story() -> None:
        async with followed(scene) as one:
            assert (await one.shows("other.wav")).understood is None
            write_tone(tmp_path / "other.wav", 2.0)
            await one.shows('"name": "other.wav"')

    asyncio.run(story())


def test_a_bug_is_told_and_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = write_scene(tmp_path, GOOD)

    def broken(*_: object) -> None:
        raise RuntimeError("a stone in the works")

    async def story() -> None:
        async with followed(scene) as one:
            await one.shows("a castle")
            with monkeypatch.context() as patched:
                patched.setattr("pipeline.cli.watched.make_plan", broken)
                scene.write_text(GOOD + "seed: 2\n")
                await one.shows("a stone in the works")
            scene.write_text(GOOD + "seed: 3\n")
            await one.shows("seed: 3")

    asyncio.run(story())


@dataclass
class Filmed:
    animatics: Animatics
    folder: Path
    news: list[dict[str, Any]]

    async def is_ended(self) -> dict[str, Any]:
        await until(lambda: bool(self.news) and self.news[-1]["state"] != "making")
        return self.news[-1]

    async def is_in(self, state: str) -> dict[str, Any]:
        await until(lambda: bool(self.news) and self.news[-1]["state"] == state)
        return self.news[-1]


@asynccontextmanager
async def filming(scene: Path) -> AsyncIterator[Filmed]:
    folder = scene.parent / "films"
    folder.mkdir()
    news: list[dict[str, Any]] = []
    animatics = Animatics(folder, render_of(scene), news.append)
    try:
        yield Filmed(animatics, folder, news)
    finally:
        await animatics.close()


@pytest.mark.slow
def test_the_part_that_is_asked_for_is_filmed_with_its_sound(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)

    async def story() -> Path:
        async with filming(scene) as one:
            await one.animatics.show(understood(scene))
            assert one.news[-1] == {"state": "none"}
            await one.animatics.ask((12, 99))
            ready = await one.is_in("ready")
            assert (ready["from"], ready["to"]) == (12, 24)
            assert one.news[1] == {"state": "making", "done": 0, "number": 1, "from": 12, "to": 24}
            film = one.animatics.film
            assert film is not None and film.number == ready["number"]
            return Path(shutil.copy(film.file, tmp_path / "seen.mp4"))

    video = look(asyncio.run(story()))
    assert len(video.pixels) == 12 and "Audio: aac" in video.words and "yuv420p" in video.words
    assert not render_of(scene).exists()


@pytest.mark.slow
def test_a_change_ends_the_one_under_way_and_throws_the_old_one_away(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)

    async def story() -> None:
        async with filming(scene) as one:
            await one.animatics.show(understood(scene))
            await one.animatics.ask((0, 24))
            await one.animatics.ask((0, 6))
            await one.is_in("ready")
            first = one.animatics.film
            assert first is not None and first.number == 2
            assert [path.name for path in one.folder.iterdir()] == ["2"]
            scene.write_text(SCENE.replace("1.02", "1.03"))
            await one.animatics.show(understood(scene))
            assert one.animatics.film is None and not first.file.exists()
            assert (await one.is_in("ready"))["number"] == 3
            await one.animatics.show(None)
            assert one.news[-1] == {"state": "none"} and list(one.folder.iterdir()) == []

    asyncio.run(story())


@pytest.mark.slow
def test_what_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)

    async def story() -> dict[str, Any]:
        async with filming(scene) as one:
            found = understood(scene)
            (tmp_path / "song.wav").unlink()
            await one.animatics.show(found)
            await one.animatics.ask((0, 6))
            return await one.is_in("failed")

    assert "song.wav" in asyncio.run(story())["words"]


def test_stills_have_none(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, "video: {size: [64, 64], n_batches: 3}\nprompts: a castle\n")

    async def story() -> list[dict[str, Any]]:
        async with filming(scene) as one:
            await one.animatics.show(understood(scene))
            await one.animatics.ask((0, 3))
            return one.news

    assert asyncio.run(story())[-1]["words"] == "These are stills, and nothing moves between them."


Start = Callable[[], Awaitable[asyncio.subprocess.Process]]


def saying(words: str) -> Start:
    """What starts a program that says something, in the place of the one that draws."""

    async def start() -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        program = f"print({words!r}, flush=True); input()"
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-S", "-c", program), stdin=pipe, stdout=pipe, stderr=pipe
        )

    return start


async def not_started() -> asyncio.subprocess.Process:
    raise BlockingIOError(11, "Resource temporarily unavailable")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (not_started, "it cannot be drawn: Resource temporarily unavailable; save the scene to"),
        (saying("Segmentation fault"), "the program that draws it broke off; the terminal says"),
    ],
)
def test_what_draws_may_fail_and_the_page_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: Start, words: str
) -> None:
    scene = write_scene(tmp_path)

    async def story() -> None:
        async with filming(scene) as one:
            with monkeypatch.context() as patched:
                patched.setattr("pipeline.web.animatics._start", start)
                await one.animatics.show(understood(scene))
                await one.animatics.ask((0, 6))
                failed = await one.is_in("failed")
                assert failed["words"].startswith(words) and failed["number"] == 1
            monkeypatch.setattr("pipeline.web.animatics._start", saying('{"ready": true}'))
            await one.animatics.show(understood(scene))
            # Of what was to stand by meanwhile one may be broken yet.
            if (await one.is_ended())["state"] == "failed":
                await one.animatics.show(understood(scene))
            await one.is_in("ready")

    asyncio.run(story())


def test_a_folder_that_was_cleared_away_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = write_scene(tmp_path)
    monkeypatch.setattr("pipeline.web.animatics._start", saying('{"ready": true}'))

    async def story() -> None:
        async with filming(scene) as one:
            shutil.rmtree(one.folder)
            await one.animatics.show(understood(scene))
            await one.animatics.ask((0, 6))
            await one.is_in("ready")
            assert [path.name for path in one.folder.iterdir()] == ["1"]
            assert one.folder.stat().st_mode & 0o077 == 0
            shutil.rmtree(one.folder)
            one.folder.write_bytes(b"in the way")
            await one.animatics.show(understood(scene))
            assert "it cannot be drawn: " in (await one.is_in("failed"))["words"]

    asyncio.run(story())


def test_of_changes_at_once_only_the_last_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = write_scene(tmp_path)
    monkeypatch.setattr("pipeline.web.animatics._start", saying('{"ready": true}'))

    async def story() -> list[dict[str, Any]]:
        async with filming(scene) as one:
            await one.animatics.show(understood(scene))
            await one.animatics.ask((0, 6))
            parts = [(0, 5), (0, 4), (0, 3)]
            await asyncio.gather(*map(one.animatics.ask, parts))
            await one.is_in("ready")
            await asyncio.sleep(0.5)
            return one.news

    news = asyncio.run(story())
    assert [one["number"] for one in news if one["state"] == "ready"] == [4]

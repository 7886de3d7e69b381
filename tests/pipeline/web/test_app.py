"""What the page asks, and what nobody else may."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.web.animatics import Animatics, Film
from pipeline.web.app import Served, application, page_files
from pipeline.web.guard import Guard, own_names
from pipeline.web.hub import Hub
from pipeline.web.watching import Watching
from tests.pipeline.web.scenes import render_of, view, write_scene

HOME = "http://127.0.0.1:8123"


@dataclass(frozen=True)
class Page:
    client: TestClient
    served: Served
    scene: Path

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    scene = write_scene(tmp_path)
    hub = Hub()
    films = tmp_path / "films"
    films.mkdir()
    animatics = Animatics(films, render_of(scene), lambda news: hub.tell("animatic", news))
    watching = Watching(scene, render_of(scene), lambda: view(scene), animatics, hub)
    served = Served(scene, watching, animatics, hub)
    with TestClient(Guard(application(served), own_names(8123)), base_url=HOME) as client:
        yield Page(client, served, scene)


def show(page: Page) -> None:
    page.served.watching.view = view(page.scene)


def test_the_page_is_whole_and_asks_nobody_else(page: Page) -> None:
    files = page_files()
    assert {"index.html", "page.css", "main.js", "timeline.js"} <= set(files)
    for name, data in files.items():
        answer = page.get(f"/{name}")
        assert answer.status_code == 200 and answer.content == data
        foreign = data.replace(b"http://www.w3.org/2000/svg", b"")
        assert b"http://" not in foreign and b"https://" not in foreign, name
    assert page.get("/").content == files["index.html"]
    assert "script-src 'self'" in page.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/app.py",
        "/page.css/../app.py",
        "/frames/..%2f..%2fa.png",
        "/animatic/..%2fa.mp4",
        "/app.py",
        "/etc/passwd",
        "/frames/-1.png",
    ],
)
def test_no_path_leads_elsewhere(page: Page, path: str) -> None:
    show(page)
    assert page.get(path).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8123"},
        {"host": "127.0.0.1:9000"},
        {"host": "127.0.0.1"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "https://127.0.0.1:8123"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_another_site_is_refused(page: Page, headers: dict[str, str]) -> None:
    show(page)
    for path in ("/", "/scene.json", "/song", "/events"):
        answer = page.get(path, **headers)
        assert answer.status_code == 403
        assert "lighthouse" not in answer.text and "<html" not in answer.text


def test_its_own_page_is_not(page: Page) -> None:
    show(page)
    for host in ("127.0.0.1:8123", "localhost:8123"):
        own = {"host": host, "origin": f"http://{host}", "sec_fetch_site": "same-origin"}
        assert page.get("/scene.json", **own).status_code == 200


def test_the_scene_as_it_is(page: Page) -> None:
    assert page.get("/scene.json").status_code == 503
    show(page)
    data = page.get("/scene.json").json()
    assert data["file"] == "night.yaml" and data["problems"] == []
    assert data["source"] == page.scene.read_text() and data["timeline"]["frames"] == 24


def test_mistakes_stand_in_the_place_of_a_timeline(page: Page) -> None:
    page.scene.write_text("video: {size: [64, 0], duration: 12}\nprompts: a\ncamra: 1\n")
    show(page)
    data = page.get("/scene.json").json()
    first, second = data["problems"]
    assert data["timeline"] is None
    assert (first["line"], first["column"], first["path"]) == (1, 20, "video.size.1")
    assert second["remedy"] == 'did you mean "camera"?'
    for path in ("/wave.json", "/song", "/frames/0.png"):
        assert page.get(path).status_code == 404


def test_the_wave_and_the_song(page: Page) -> None:
    show(page)
    wave = page.get("/wave.json").json()
    assert wave["hop"] == pytest.approx(1 / 150) and wave["start"] == pytest.approx(0, abs=0.01)
    part = page.get("/song", range="bytes=0-3")
    assert part.status_code == 206 and part.content == b"RIFF"
    (page.scene.parent / "song.wav").unlink()
    assert page.get("/song").status_code == 404


def test_a_song_that_cannot_be_read_is_told(page: Page) -> None:
    show(page)
    (page.scene.parent / "song.wav").write_bytes(b"RIFF")
    answer = page.get("/wave.json")
    assert answer.status_code == 404 and "song.wav" in answer.text


def test_a_rendered_frame(page: Page) -> None:
    show(page)
    assert page.get("/frames/1.png").status_code == 404
    folder = render_of(page.scene) / "frames"
    folder.mkdir(parents=True)
    (folder / "000001.png").write_bytes(b"a picture")
    assert page.get("/frames/1.png").content == b"a picture"


def test_only_the_newest_animatic_is_there(page: Page, tmp_path: Path) -> None:
    film = tmp_path / "animatic.mp4"
    film.write_bytes(b"0123456789")
    assert page.get("/animatic/3.mp4").status_code == 404
    page.served.animatics.film = Film(3, film)
    part = page.get("/animatic/3.mp4", range="bytes=2-4")
    assert (part.status_code, part.content) == (206, b"234")
    assert page.get("/animatic/2.mp4").status_code == 404


def test_a_part_is_asked_for(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    async def ask(self: Animatics, part: object) -> None:
        asked.append(part)

    monkeypatch.setattr(Animatics, "ask", ask)
    assert page.client.post("/animatic", json={"from": 2, "to": 9}).status_code == 200
    for wrong in ({}, [], {"from": 2, "to": 2}, {"from": -1, "to": 2}, {"from": True, "to": 2}):
        assert page.client.post("/animatic", json=wrong).status_code == 400
    for body, kind in (('{"from": 1, "to": 2}', "text/plain"), ("{", "application/json")):
        answer = page.client.post("/animatic", content=body, headers={"content-type": kind})
        assert answer.status_code == 400
    assert asked == [(2, 9)]


def test_taps_are_saved_beside_the_scene_and_nowhere_else(page: Page) -> None:
    show(page)
    before = page.scene.read_bytes()
    answer = page.client.post("/marks", json=[{"second": 1.25, "name": "drop"}])
    saved = page.scene.parent / "night-marks.txt"
    assert saved.read_text() == "1.250\t1.250\tdrop\n"
    assert answer.json() == {
        "file": "night-marks.txt",
        "marks": [{"second": 1.25, "name": "drop"}],
        "advice": "The scene has marks of its own; add these to them, under marks:",
        "lines": "drop: 1.25s",
    }
    assert page.scene.read_bytes() == before


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        [{"second": -1, "name": "a"}],
        [{"second": "1", "name": "a"}],
        [{"second": 1}],
        [1],
        [{"second": True, "name": "a"}],
        [{"second": 1000000000.0, "name": ""}],
        [{"second": 1, "name": 2}],
    ],
)
def test_what_are_no_taps_are_refused(page: Page, wrong: Any) -> None:
    assert page.client.post("/marks", json=wrong).status_code == 400
    large = page.client.post("/marks", json=[{"second": 1, "name": "x" * 1_100_000}])
    assert large.status_code == 400
    assert not (page.scene.parent / "night-marks.txt").exists()


def test_a_file_of_something_else_is_told(page: Page) -> None:
    (page.scene.parent / "night-marks.txt").write_text("my diary")
    answer = page.client.post("/marks", json=[{"second": 1, "name": ""}])
    assert answer.status_code == 409 and "taps are added to no file" in answer.text


def test_news_are_events(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    told = 'event: scene\ndata: {"version": 4}\n\n'

    async def listen(_: object) -> AsyncIterator[str]:
        yield told

    monkeypatch.setattr(type(page.served.hub), "listen", listen)
    answer = page.get("/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text == told

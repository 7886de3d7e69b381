"""What the page can ask: itself, what there is to be shown, and two things to be done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from pipeline.errors import Error
from pipeline.web.animatics import Animatics
from pipeline.web.frame_picture import frame_picture
from pipeline.web.hub import Hub
from pipeline.web.marks_file import MOST, advice_for, marks_path, save_marks
from pipeline.web.view import Understood
from pipeline.web.watching import Watching
from pipeline.web.wave import Waves

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_LARGEST_BODY = 1_000_000
_NOT_YET = "there is nothing to show yet"

Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """All that a server's answers are made of."""

    scene: Path
    watching: Watching
    animatics: Animatics
    hub: Hub
    waves: Waves = field(default_factory=Waves)

    @property
    def understood(self) -> Understood | None:
        """The scene as it is now, if it has no mistake."""
        view = self.watching.view
        return None if view is None else view.understood


def application(served: Served) -> Starlette:
    """The application; `pipeline.web.guard.Guard` goes around it."""
    pages = {f"/{name}": _page(name, data) for name, data in page_files().items()}
    answers: dict[str, Answer] = {
        "/events": _events(served),
        "/scene.json": _scene(served),
        "/wave.json": _wave(served),
        "/song": _song(served),
        "/animatic/{number:int}.mp4": _film(served),
        "/frames/{frame:int}.png": _frame(served),
    }
    routes = [Route(path, answer) for path, answer in {**pages, **answers}.items()]
    routes.append(Route("/", pages["/index.html"]))
    routes.append(Route("/animatic", _ask_animatic(served), methods=["POST"]))
    routes.append(Route("/marks", _save_marks(served), methods=["POST"]))
    return Starlette(routes=routes)


def page_files() -> dict[str, bytes]:
    """The files of the page by name."""
    folder = files("pipeline.web") / "page"
    return {
        one.name: one.read_bytes()
        for one in folder.iterdir()
        if Path(one.name).suffix in _KINDS and one.is_file()
    }


def _page(name: str, data: bytes) -> Answer:
    async def page(request: Request) -> Response:
        return Response(data, headers={"content-type": _KINDS[Path(name).suffix]})

    return page


def _events(served: Served) -> Answer:
    async def events(request: Request) -> Response:
        return StreamingResponse(served.hub.listen(), media_type="text/event-stream")

    return events


def _scene(served: Served) -> Answer:
    async def scene(request: Request) -> Response:
        view = served.watching.view
        if view is None:
            return _refusal(_NOT_YET, 503)
        return Response(view.payload, media_type="application/json")

    return scene


def _wave(served: Served) -> Answer:
    async def wave(request: Request) -> Response:
        understood = served.understood
        if understood is None:
            return _refusal(_NOT_YET, 404)
        try:
            return JSONResponse(await asyncio.to_thread(served.waves.of, understood.plan))
        except Error as error:
            return _refusal(str(error), 404)

    return wave


def _song(served: Served) -> Answer:
    async def song(request: Request) -> Response:
        understood = served.understood
        name = None if understood is None else understood.plan.output.soundtrack
        if name is None or not await asyncio.to_thread(Path(name).is_file):
            return _refusal("the scene has no song", 404)
        return FileResponse(name)

    return song


def _film(served: Served) -> Answer:
    async def film(request: Request) -> Response:
        newest = served.animatics.film
        if newest is None or newest.number != request.path_params["number"]:
            return _refusal("this animatic was thrown away", 404)
        if not await asyncio.to_thread(newest.file.is_file):
            return _refusal("the animatic is gone; save the scene to have it drawn anew", 404)
        return FileResponse(newest.file, media_type="video/mp4")

    return film


def _frame(served: Served) -> Answer:
    async def frame(request: Request) -> Response:
        understood, number = served.understood, request.path_params["frame"]
        data = None
        if understood is not None:
            folder = served.watching.folder
            data = await asyncio.to_thread(frame_picture, folder, understood.plan, number)
        if data is None:
            return _refusal("this frame is not rendered", 404)
        return Response(data, media_type="image/png")

    return frame


def _ask_animatic(served: Served) -> Answer:
    async def ask(request: Request) -> Response:
        part = _part(await _json(request))
        if part is None:
            return _refusal("expected whole numbers, from below to", 400)
        await served.animatics.ask(part)
        return JSONResponse({})

    return ask


def _save_marks(served: Served) -> Answer:
    async def save(request: Request) -> Response:
        data = await _json(request)
        taps = [_tap(one) for one in data] if isinstance(data, list) else []
        if not taps or None in taps or len(taps) > MOST:
            return _refusal("expected a list of marks, each with second and name", 400)
        path = marks_path(served.scene)
        try:
            marks = await asyncio.to_thread(save_marks, path, [one for one in taps if one])
        except Error as error:
            return _refusal(str(error), 409)
        understood = served.understood
        advice, lines = advice_for(understood.scene if understood else None, path, marks)
        listed = [{"second": mark.second, "name": mark.name} for mark in marks]
        return JSONResponse({"file": path.name, "marks": listed, "advice": advice, "lines": lines})

    return save


def _part(data: object) -> tuple[int, int] | None:
    """The frames that are asked for; None for what are none."""
    match data:
        case {"from": bool()} | {"to": bool()}:
            return None
        case {"from": int(first), "to": int(end)} if 0 <= first < end:
            return first, end
    return None


def _tap(data: object) -> tuple[float, str] | None:
    """Second and name of a mark; None for what is none."""
    match data:
        case {"second": bool()}:
            return None
        case {"second": int(second) | float(second), "name": str(name)} if 0 <= second < 1e6:
            return float(second), name
    return None


async def _json(request: Request) -> Any:
    """The body of a request; None if it is too large or no JSON of a page of ours.

    A form of another site cannot send this type without asking first.
    """
    if request.headers.get("content-type") != "application/json":
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def _refusal(words: str, status: int) -> Response:
    return PlainTextResponse(words, status_code=status)

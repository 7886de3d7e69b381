"""News for the pages that are open."""

from __future__ import annotations

import asyncio

from pipeline.web.hub import Hub


def test_a_page_that_comes_late_hears_the_newest_of_each_kind() -> None:
    async def heard() -> list[str]:
        hub = Hub()
        hub.tell("scene", 1)
        hub.tell("scene", 2)
        hub.tell("render", None)
        page = hub.listen()
        first = [await anext(page), await anext(page)]
        hub.tell("scene", 3)
        return [*first, await anext(page)]

    assert asyncio.run(heard()) == [
        "event: scene\ndata: 2\n\n",
        "event: render\ndata: null\n\n",
        "event: scene\ndata: 3\n\n",
    ]


def test_a_slow_page_misses_what_is_followed_by_something_newer() -> None:
    async def heard() -> str:
        hub = Hub()
        page = hub.listen()
        assert (await anext(page)).startswith(":")
        for number in range(1000):
            hub.tell("scene", number)
        return await anext(page)

    assert asyncio.run(heard()) == "event: scene\ndata: 999\n\n"


def test_its_end_is_the_end_of_what_pages_hear() -> None:
    async def heard() -> list[str]:
        hub = Hub()
        hub.tell("scene", 1)
        page = hub.listen()
        first = await anext(page)
        asyncio.get_running_loop().call_soon(hub.close)
        return [first, *[one async for one in page]]

    assert asyncio.run(heard()) == ["event: scene\ndata: 1\n\n"]

"""What a page is sent of a plan."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pipeline.web.scenes import view, write_scene

STILLS = "video: {size: [64, 64], n_batches: 3}\nprompts: a castle\n"


def unpacked(text: str) -> Any:
    return np.frombuffer(b64decode(text), "<f4")


@pytest.fixture
def sent(tmp_path: Path) -> Any:
    return json.loads(view(write_scene(tmp_path)).payload)["timeline"]


def test_the_clock_and_what_lies_on_it(sent: Any) -> None:
    assert (sent["frames"], sent["fps"], sent["size"], sent["stills"]) == (24, 12, [96, 96], False)
    assert sent["sections"] == [{"frame": 0, "name": "verse"}, {"frame": 12, "name": "chorus"}]
    assert sent["bars"] == [{"frame": 0, "name": "bar 1"}, {"frame": 12, "name": "bar 2"}]
    assert sent["beats"] == [0, 3, 6, 9, 12, 15, 18, 21]
    assert (sent["song"]["name"], sent["song"]["start"]) == ("song.wav", 0.5)


def test_a_mark_stands_where_the_song_is_in_the_video(sent: Any) -> None:
    assert sent["marks"] == [{"frame": 6.0, "name": "drop"}]


def test_only_what_moves_has_a_curve(sent: Any) -> None:
    curves = {one["name"]: one for one in sent["curves"]}
    zoom = unpacked(curves["camera.zoom"]["values"])
    assert "camera.roll" not in curves and len(zoom) == 24
    assert curves["camera.zoom"]["high"] == pytest.approx(np.nanmax(zoom))
    assert np.all(np.diff(zoom[1:]) > 0)


def test_prompts_share_each_frame(sent: Any) -> None:
    by_name = {one["name"]: one for one in sent["prompts"]}
    assert list(by_name) == ["a lighthouse", "a castle", "a ship"]
    assert [one["away"] for one in sent["prompts"]] == [False, False, True]
    total = sum(unpacked(one["shares"]) for one in sent["prompts"])
    assert total == pytest.approx(np.ones(24), abs=1e-6)


def test_the_picture_of_an_animatic_is_told_apart_from_its_panel(sent: Any) -> None:
    assert sent["draft"] == {"width": 448, "height": 448, "picture": 448}


def test_stills_have_a_timeline_too(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, STILLS)
    sent = json.loads(view(scene).payload)["timeline"]
    assert sent["stills"] and sent["frames"] == 3 and sent["song"] is None

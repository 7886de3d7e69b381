"""`discoreel assemble`."""

from __future__ import annotations

from pathlib import Path

from tests.media import streams
from tests.pipeline.cli.painted import paint, say, write_scene


def test_an_unfinished_render_makes_a_video_and_says_how_much_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=4)
    out, err = say("assemble", folder)
    assert err == "4 of 6 frames are there\n"
    assert out.splitlines() == [
        f"video          {folder / 'sea.mp4'}",
        f"contact sheet  {folder / 'contact-sheet.png'}",
    ]
    assert "96x96" in streams(folder / "sea.mp4")


def test_of_a_finished_one_nothing_is_said_but_where_it_lies(tmp_path: Path) -> None:
    paint(write_scene(tmp_path), tmp_path / "out", count=6)
    _, err = say("assemble", tmp_path / "out")
    assert not err

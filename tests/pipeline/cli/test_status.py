"""`discoreel status`."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.files.png_chunks import without_note
from tests.pipeline.cli.painted import paint, say, write_scene


def test_an_unfinished_render_is_told_in_lines(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=4)
    (folder / "frames" / "000002.png").unlink()
    out, err = say("status", folder)
    assert not err
    head, *lines = out.splitlines()
    assert head == f"{folder}: 6 frames, 96 x 96 pixels, 8 frames a second"
    assert lines[:3] == [
        "  frames   3 of 6 saved, 3 missing",
        "  damaged  2; the next render makes them again",
        "  next     frame 2",
    ]
    assert lines[3].startswith("  time     ") and lines[3].endswith(" left")
    assert lines[4:] == ["  writer   nobody renders here"]


def test_a_process_that_was_killed_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=6)
    (folder / ".holder").write_text("pid 7 on another-host")
    out, _ = say("status", folder)
    assert "  frames   6 of 6 saved, all are there" in out
    assert "pid 7 on another-host, since 20" in out and "whether it still runs" in out
    assert "sign of life" not in out
    (folder / ".lock.alive").touch()
    assert "is not known here, its last sign of life was at 20" in say("status", folder)[0]


def test_a_lost_journal_is_told_with_what_becomes_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=4)
    (folder / "journal.jsonl").unlink()
    picture = folder / "frames" / "000001.png"
    picture.write_bytes(without_note(picture.read_bytes()))
    out, _ = say("status", folder)
    assert out.splitlines()[1:] == [
        "  frames   3 of 6 saved, 3 missing",
        "  journal  lost; the next render finds 3 frames by what they carry",
        "  unknown  1 picture of which nothing tells; the next render moves it to takes/",
        "  next     frame 1",
        "  writer   nobody renders here",
    ]
    found = json.loads(say("status", folder, "--json")[0])["journal"]
    assert found == {"fault": "lost", "found_again": 3, "unknown": 1}


def test_programs_get_one_object(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=2)
    out, _ = say("status", folder, "--json")
    found = json.loads(out)
    assert (found["planned"], found["saved"], found["next"]) == (6, 2, {"shot": "main", "frame": 2})
    assert found["size"] == [96, 96] and found["writer"] is None and found["takes"] == []

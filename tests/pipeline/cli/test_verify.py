"""`discoreel verify`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import Error
from tests.pipeline.cli.painted import paint, say, write_scene


def test_a_whole_render_goes_on_here(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=4)
    out, err = say("verify", folder)
    assert not err and "  frames   4 of 6 whole, 0 at fault" in out
    assert "goes on exactly here, as far as the journal says" in out


def test_damage_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=4)
    (folder / "frames" / "000002.png").unlink()
    with pytest.raises(Error, match="frame 2: its picture is gone; the next render makes them"):
        say("verify", folder)


def test_another_platform_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=1)
    journal = folder / "journal.jsonl"
    record = json.loads(journal.read_text()) | {"platform": {"device": "a card, torch 1"}}
    journal.write_text(json.dumps(record) + "\n")
    out, _ = say("verify", folder)
    assert "  differs  device a card, torch 1, here " in out and "exactly" not in out
    (told,) = json.loads(say("verify", folder, "--json")[0])["platforms"]
    assert told == {"platform": "a card, torch 1", "frames": 1, "here": False}


def test_a_lost_journal_is_no_fault_of_the_frames(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=4)
    (folder / "journal.jsonl").unlink()
    out, _ = say("verify", folder)
    assert "  frames   4 of 6 whole, 0 at fault" in out
    assert "  journal  lost; the next render finds 4 frames by what they carry" in out
    assert "  made on  what is not known: 4 frames" in out
    found = json.loads(say("verify", folder, "--json")[0])
    assert len(found["found_again"]) == 4 and found["unknown"] == []

"""`discoreel verify`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import Error
from pipeline.networks import platform
from pipeline.run.journal import Journal
from pipeline.spec.platform import Platform
from tests.pipeline.cli.painted import paint, say, write_scene
from tests.pipeline.runs import contents


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


def test_frames_that_were_rendered_again_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paint(write_scene(tmp_path), folder, count=2)
    journal = folder / "journal.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    lines[1]["precision"] = "fp32"
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert "  in fp32  1: rendered again, as they went wrong in less" in say("verify", folder)[0]
    assert json.loads(say("verify", folder, "--json")[0])["again_in_fp32"] == [
        {"shot": "main", "frame": 1}
    ]


@pytest.mark.parametrize(
    ("exact", "words"),
    [
        (True, "goes on exactly here, with --deterministic"),
        (False, "goes on here, but for last bits: a card is exact with --deterministic only"),
    ],
)
def test_a_card_is_exact_where_it_was_told_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact: bool, words: str
) -> None:
    card, folder = Platform("a card, torch 1"), tmp_path / "out"
    monkeypatch.setattr(platform, "platform_of", lambda device: card)
    paint(write_scene(tmp_path), folder, count=1)
    journal = folder / "journal.jsonl"
    told = {"device": card.device} | ({"deterministic": True} if exact else {})
    journal.write_text(json.dumps(json.loads(journal.read_text()) | {"platform": told}) + "\n")
    assert f"  here     {words}\n" in say("verify", folder)[0]
    assert json.loads(say("verify", folder, "--json")[0])["platforms"][0]["here"] is True


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


@pytest.mark.slow
def test_a_sample_is_rendered_again(tmp_path: Path) -> None:
    scene, folder = tmp_path / "night.yaml", tmp_path / "out"
    scene.write_text(
        "video: {size: [64, 64], fps: 8, duration: 3}\nprompts: a lighthouse\n"
        "sampler: {steps: 2, skip_steps: {first: 0, then: 50%}}\n"
        "guidance: {clip_guidance_scale: 0}\noutput: {upscale: none}\n"
    )
    say("render", scene, "--out", folder)
    before = contents(folder)
    out, _ = say("verify", folder, "--sample", "2", "--scene", scene)
    assert "  sample   2 of 2 frames rendered again, pixel for pixel" in out
    found = json.loads(say("verify", folder, "--json", "--sample", "1", "--scene", scene)[0])
    assert found["sample"] == [{"shot": "main", "frame": 0, "most": 0, "mean": 0.0, "share": 0.0}]
    assert contents(folder) == before
    paint(scene, tmp_path / "other", count=3)
    with pytest.raises(Error, match="2 of 2 frames came out differently here; the render goes on"):
        say("verify", tmp_path / "other", "--sample", "2", "--scene", scene)


@pytest.mark.parametrize("deterministic", [False, True])
def test_a_sample_is_computed_as_its_render_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deterministic: bool
) -> None:
    done: list[str] = []

    class Loaded(Exception):
        """The networks are asked for."""

    def load(*_: object, **__: object) -> None:
        done.append("networks are loaded")
        raise Loaded

    scene, folder = write_scene(tmp_path), tmp_path / "out"
    paint(scene, folder, count=2)
    journal = Journal(folder / "journal.jsonl")
    for record in list(journal.records.values()):
        journal.append(replace(record, platform=Platform("a card", 0, deterministic)))
    exactly = "pipeline.networks.deterministic.compute_exactly"
    monkeypatch.setattr(exactly, lambda _: done.append("exact"))
    monkeypatch.setattr("pipeline.networks.load.load_networks", load)
    with pytest.raises(Loaded):
        say("verify", folder, "--sample", "2", "--scene", scene)
    assert done == ["exact"] * deterministic + ["networks are loaded"]


def test_a_sample_needs_the_scene_and_the_scene_a_sample(tmp_path: Path) -> None:
    scene, folder = write_scene(tmp_path), tmp_path / "out"
    paint(scene, folder, count=1)
    for options in (("--sample", "2"), ("--scene", str(scene))):
        with pytest.raises(Error, match="--sample renders frames again by their scene; give both"):
            say("verify", folder, *options)

"""`discoreel estimate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli.probe import peak_of
from tests.pipeline.cli.painted import paint, say, write_scene
from tests.pipeline.scene_files import write, write_picture


def test_without_a_render_it_says_what_it_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    size, frames, time, disk, memory = say("estimate", write_scene(tmp_path))[0].splitlines()
    assert size == "6 frames of 96 x 96, 0:00.75 at 8 frames a second"
    assert frames == "  frames   6 painted; 130 passes through the denoiser"
    assert time == (
        "  time     not known here: no render like it lies beside it; --probe finds out"
    )
    assert disk.startswith("  disk     roughly 0.8 MB: frames 0.1 MB, what they leave for the next")
    assert memory == "  memory   not known here; --probe finds out"


def test_a_scene_that_paints_nothing_is_no_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_picture(tmp_path / "end.png")
    text = "video: {size: [96, 96], duration: 1}\nshots: [{name: a, end: end.png}]\n"
    lines = say("estimate", write(tmp_path, text + "prompts: a castle\n"))[0].splitlines()
    assert lines[1] == "  frames   0 painted, 1 only moved; 0 passes through the denoiser"


def test_it_goes_by_the_frames_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scene = write_scene(tmp_path)
    paint(scene, tmp_path / "renders" / "sea", 3)
    probe = tmp_path / "renders" / ".probe" / "sea"
    probe.mkdir(parents=True)
    (probe / "peak.json").write_text(json.dumps({"bytes": 1_500_000_000}), encoding="utf-8")
    lines = say("estimate", scene)[0].splitlines()
    # Of 130 passes the first frame takes 50, and the two measured ones 16 each, in a second.
    assert lines[2:4] == [
        "  time     1.35 s a frame, 0:08 in all, without enlarging and encoding",
        "           as 2 frames of renders/sea took",
    ]
    assert lines[4].startswith("  disk     0.0 MB: frames")
    assert lines[5] == "  memory   1.5 GB at the peak, as renders/.probe/sea took on this machine"


def test_it_goes_by_another_render_of_another_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scene = write_scene(tmp_path)
    paint(scene, tmp_path / "renders" / "sea", 3)
    large = tmp_path / "large.yaml"
    large.write_text(scene.read_text().replace("[96, 96]", "[192, 96]"), encoding="utf-8")
    lines = say("estimate", large)[0].splitlines()
    assert lines[3] == "           as 2 frames of renders/sea took, scaled from 96 x 96 pixels"
    assert "2.71 s a frame, 0:16 in all" in lines[2] and "roughly" in lines[4]


def test_a_probe_that_is_not_whole_tells_nothing(tmp_path: Path) -> None:
    assert peak_of(tmp_path) is None
    (tmp_path / "peak.json").write_text("{", encoding="utf-8")
    assert peak_of(tmp_path) is None


@pytest.mark.slow
def test_a_probe_renders_three_frames_and_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scene = write_scene(tmp_path)
    scene.write_text(scene.read_text() + "sampler: {steps: 2, skip_steps: 0}\n", encoding="utf-8")
    lines = say("estimate", scene, "--probe")[0].splitlines()
    assert lines[3] == "           as 2 frames of renders/.probe/sea took"
    assert " GB at the peak" in lines[5] or " MB at the peak" in lines[5]
    assert len(list((tmp_path / "renders/.probe/sea/frames").glob("*.png"))) == 3


@pytest.mark.slow
def test_a_probe_of_a_rhythm_paints_what_the_frames_between_grow_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scene = write_scene(tmp_path)
    text = scene.read_text(encoding="utf-8")
    scene.write_text(text + "sampler: {every: 3, steps: 2}\n", encoding="utf-8")
    lines = say("estimate", scene, "--probe")[0].splitlines()
    assert "a frame" in lines[2]
    made = tmp_path / "renders" / ".probe" / "sea" / "frames"
    assert sorted(one.name for one in made.glob("*.png")) == [
        "000000.png",
        "000001.png",
        "000003.png",
    ]


@pytest.mark.slow
def test_a_probe_touches_nothing_of_a_render_in_the_folder_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "renders" / "sea" / "frames"
    here.mkdir(parents=True)
    scene = write_scene(tmp_path)
    monkeypatch.chdir(here)
    (here / "mine.png").write_bytes(b"mine")
    for _ in range(2):
        say("estimate", scene, "--probe", "--out", "..")
    assert (here / "mine.png").read_bytes() == b"mine" and len(list(here.iterdir())) == 1
    assert (tmp_path / "renders" / ".probe" / "sea").is_dir()

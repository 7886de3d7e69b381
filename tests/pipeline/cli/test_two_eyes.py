"""Videos for two eyes at the end of a render: from its frames alone, also without its scene."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

from pipeline.catalogue import network_fingerprints
from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.network_digests import network_digests
from pipeline.catalogue.publication import Role
from pipeline.cli import frame_depths as finding
from pipeline.cli import progress
from pipeline.cli.finish import finish
from pipeline.errors import ModelError, RunError
from pipeline.files.png import Pixels, decode_png
from pipeline.output import stereo
from pipeline.output.stereo import StereoView, stereo_pictures
from pipeline.run.footage import Layer, read_footage
from pipeline.run.run import Run
from pipeline.spec.camera import DepthPictureSpec
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.relief import STRAIGHT, Relief
from pipeline.spec.sources import DepthSource, NamedSource
from pipeline.spec.stereo import StereoSpec
from tests.media import look, streams
from tests.pipeline.clock import Clock
from tests.pipeline.plans import NETWORKS, chain_plan

COUNT, WIDTH, HEIGHT = 3, 64, 48
EYES = StereoSpec(ipd=16.0)


def plan(depth: Path, *outputs: OutputSpec) -> Plan:
    """Frames whose depth the author gives: a near stripe in the middle of a wall."""
    levels = np.zeros((HEIGHT, WIDTH), np.uint16)
    levels[:, 24:40] = 65535
    cv2.imwrite(str(depth), levels)
    made = chain_plan(COUNT)
    frames = tuple(replace(spec, size=(WIDTH, HEIGHT)) for spec in made.frames)
    lens = replace(STRAIGHT, depth=DepthPictureSpec(str(depth)))
    return replace(
        made,
        frames=frames,
        output=outputs[0],
        outputs=outputs[1:],
        reliefs=(Relief(lenses=(lens,)),),
    )


def picture(frame: int) -> Pixels:
    """Stripes that lie over the near stripe and beside it, and change with the frame."""
    grey = np.full((HEIGHT, WIDTH, 3), 60 + 20 * frame, np.uint8)
    grey[:, 30:33] = 250
    grey[:, 10:13] = 0
    return grey


def make_run(folder: Path, made: Plan) -> Path:
    with Run.open(folder, made, NETWORKS) as run:
        for spec in run.missing(made):
            run.save(spec, picture(spec.frame), seconds=0.5)
    return folder


def end(folder: Path, models: Path | None = None) -> None:
    finish(read_footage(folder), folder, "cpu", Console(quiet=True), models)


def test_one_render_gives_a_flat_video_and_others_for_two_eyes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_run(
        tmp_path / "run",
        plan(
            tmp_path / "depth.png",
            OutputSpec("flat.mp4", preset="ultrafast"),
            OutputSpec("deep.mp4", preset="ultrafast", stereo=EYES),
            OutputSpec("deep/##.png", stereo=replace(EYES, layout="top_bottom")),
        ),
    )
    end(folder)
    assert capsys.readouterr().out.splitlines() == [
        f"video          {folder / 'flat.mp4'}",
        f"video          {folder / 'deep.mp4'}",
        f"pictures       {folder / 'deep'}",
        f"contact sheet  {folder / 'contact-sheet.png'}",
    ]
    assert look(folder / "flat.mp4").pixels.shape == (COUNT, HEIGHT, WIDTH, 3)
    assert look(folder / "deep.mp4").pixels.shape == (COUNT, HEIGHT, 2 * WIDTH, 3)
    assert "Stereo 3D: side by side" in streams(folder / "deep.mp4")
    assert "Stereo 3D" not in streams(folder / "flat.mp4")
    for frame in range(COUNT):
        eyes = decode_png((folder / "deep" / f"{frame:02d}.png").read_bytes())
        assert eyes.shape == (2 * HEIGHT, WIDTH, 3)
        left, right = eyes[:HEIGHT], eyes[HEIGHT:]
        near = [int(one[20, 20:44, 0].argmax()) for one in (left, right)]
        far = [int(one[20, 2:22, 0].argmin()) for one in (left, right)]
        assert near[0] - near[1] == 5
        assert far[0] - far[1] == 1


def test_sizes_are_those_of_one_eye(tmp_path: Path) -> None:
    """Enlarged by a network, by a filter, and not at all."""
    size = (2 * WIDTH, 2 * HEIGHT)
    folder = make_run(
        tmp_path / "run",
        plan(
            tmp_path / "depth.png",
            OutputSpec("a/##.png", size=size, upscale="starter", stereo=EYES),
            OutputSpec("b/##.png", size=size, upscale="lanczos", stereo=EYES),
            OutputSpec("c/##.png", upscale="none", stereo=EYES),
            OutputSpec("d/##.png", size=size, upscale="starter"),
        ),
    )
    end(folder)
    widths = {}
    for name in "abcd":
        shape = decode_png((folder / name / "00.png").read_bytes()).shape
        widths[name] = shape[1]
    assert widths == {"a": 4 * WIDTH, "b": 4 * WIDTH, "c": 2 * WIDTH, "d": 2 * WIDTH}


def test_frames_are_told_as_they_are_composed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An encoder that looks ahead has none of so few done before it got all of them."""
    folder = make_run(
        tmp_path / "run", plan(tmp_path / "depth.png", OutputSpec("a.mp4", stereo=EYES))
    )
    clock = Clock()

    def slow(frames: Iterable[Sequence[Layer]], view: StereoView) -> Iterator[Pixels]:
        for made in stereo_pictures(frames, view):
            clock.now += 11.0
            yield made

    monkeypatch.setattr(progress, "monotonic", clock)
    monkeypatch.setattr(stereo, "stereo_pictures", slow)
    console = Console(file=StringIO(), width=100)
    finish(read_footage(folder), folder, "cpu", console)
    told = [line.split(":")[0] for line in console.file.getvalue().splitlines()]
    assert told[1:] == [f"encoding a.mp4 frame {frame} of {COUNT}" for frame in (1, 2, 3)]


def test_depth_is_found_once_and_goes_by_the_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(tmp_path / "depth.png", OutputSpec("a/##.png", stereo=EYES))
    folder = make_run(tmp_path / "run", made)
    end(folder)
    before = (folder / "a" / "01.png").read_bytes()
    stamp = (folder / "depth" / "000001.png").stat().st_mtime_ns

    def none(*arguments: object) -> None:
        raise AssertionError("nothing is missing, and networks are asked")

    monkeypatch.setattr(finding, "_estimators", none)
    end(folder)
    assert (folder / "a" / "01.png").read_bytes() == before
    assert (folder / "depth" / "000001.png").stat().st_mtime_ns == stamp
    monkeypatch.undo()
    shutil.rmtree(folder / "depth")
    end(folder)
    assert (folder / "a" / "01.png").read_bytes() == before


def test_a_run_of_an_earlier_release_is_told_what_to_do(tmp_path: Path) -> None:
    """And its scene, given once more, mends it without a frame painted."""
    made = plan(tmp_path / "depth.png", OutputSpec("a/##.png", stereo=EYES))
    folder = make_run(tmp_path / "run", made)
    manifest = json.loads((folder / "run.json").read_text())
    del manifest["reliefs"]
    (folder / "run.json").write_text(json.dumps(manifest))
    with pytest.raises(RunError) as caught:
        end(folder)
    assert str(caught.value) == (
        f"{folder} was rendered by an earlier release, which did not put down how its camera sees "
        "depth; render its scene again: no frame is painted anew, and that is put down"
    )
    with Run.open(folder, made, NETWORKS) as run:
        assert not run.missing(made)
    end(folder)
    assert (folder / "a" / "00.png").is_file()


def test_a_network_that_is_not_there_is_named(tmp_path: Path) -> None:
    made = plan(tmp_path / "depth.png", OutputSpec("a/##.png", stereo=EYES))
    sought = (DepthSource("dpt_large", NamedSource("dpt_large")),)
    folder = make_run(tmp_path / "run", replace(made, reliefs=(Relief(depth=sought),)))
    with pytest.raises(ModelError, match="fetch with: discoreel models pull dpt_large"):
        end(folder, tmp_path / "models")


def test_a_network_says_how_deep_frames_are_whose_author_does_not(tmp_path: Path) -> None:
    """The starter's, also for frames that a 2d camera has moved."""
    made = plan(tmp_path / "depth.png", OutputSpec("a/##.png", stereo=EYES))
    folder = make_run(tmp_path / "run", replace(made, reliefs=(Relief(),)))
    end(folder)
    shape = decode_png((folder / "a" / "00.png").read_bytes()).shape
    assert shape == (HEIGHT, 2 * WIDTH, 3)
    assert (folder / "depth" / "000002.png").is_file()


def test_shots_that_ask_the_same_network_have_it_summed_up_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no other network's files are read: not the denoiser's, which is large."""
    made = plan(tmp_path / "depth.png", OutputSpec("a/##.png", stereo=EYES))
    wide = Relief("city", (replace(STRAIGHT, fov=70.0),))
    folder = make_run(tmp_path / "run", replace(made, reliefs=(Relief(), wide)))
    summed: list[Path] = []
    monkeypatch.setattr(
        network_fingerprints,
        "network_digests",
        lambda path, remedy: summed.append(path) or network_digests(path, remedy),
    )
    end(folder)
    assert summed == [STARTER_FOLDERS[Role.DEPTH]]


def test_a_frame_that_was_painted_again_gets_its_own_depth(tmp_path: Path) -> None:
    made = plan(tmp_path / "depth.png", OutputSpec("a/##.png", stereo=EYES))
    made = replace(made, reliefs=(Relief(),))
    folder = make_run(tmp_path / "run", made)
    end(folder)
    before = [path.read_bytes() for path in sorted((folder / "depth").iterdir())]
    last = replace(made.frames[-1], seed=8)
    edited = replace(made, frames=(*made.frames[:-1], last))
    with Run.open(folder, edited, NETWORKS, replace_stale=True) as run:
        for spec in run.missing(edited):
            run.save(spec, picture(2)[:, ::-1].copy(), seconds=0.5)
    end(folder)
    after = [path.read_bytes() for path in sorted((folder / "depth").iterdir())]
    assert after[:-1] == before[:-1] and after[-1] != before[-1]

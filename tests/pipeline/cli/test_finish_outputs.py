"""The end of a render that asks for several videos."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pipeline.cli import finish as finishing
from pipeline.cli.finish import finish
from pipeline.errors import Error
from pipeline.files.png import decode_png, encode_png
from pipeline.run.footage import Footage, Layer, read_footage
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import OutputSpec, Upscale
from pipeline.spec.timeline import Offset
from tests.media import look
from tests.pipeline.plans import HEIGHT, WIDTH, chain_plan, picture
from tests.pipeline.runs import render

COUNT = 3


def make_run(folder: Path, *outputs: OutputSpec) -> Path:
    """A run with all its frames."""
    render(folder, replace(chain_plan(COUNT), output=outputs[0], outputs=outputs[1:]))
    return folder


def end(folder: Path, footage: Footage | None = None) -> None:
    finish(footage or read_footage(folder), folder, "cpu", Console(quiet=True))


def test_every_file_is_made_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_run(
        tmp_path / "run",
        OutputSpec("a.mp4", preset="ultrafast", size=(2 * WIDTH, 2 * HEIGHT)),
        OutputSpec("b.gif"),
        OutputSpec("stills/##.png", upscale="none"),
    )
    end(folder)
    assert capsys.readouterr().out.splitlines() == [
        f"video          {folder / 'a.mp4'}",
        f"video          {folder / 'b.gif'}",
        f"pictures       {folder / 'stills'}",
        f"contact sheet  {folder / 'contact-sheet.png'}",
    ]
    assert look(folder / "a.mp4").pixels.shape == (COUNT, 2 * HEIGHT, 2 * WIDTH, 3)
    assert look(folder / "b.gif").pixels.shape == (COUNT, HEIGHT, WIDTH, 3)
    for frame in range(COUNT):
        found = decode_png((folder / "stills" / f"{frame:02d}.png").read_bytes())
        np.testing.assert_array_equal(found, picture(frame))


def test_what_one_output_cannot_do_costs_it_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_run(tmp_path / "run", OutputSpec("a.gif"), OutputSpec("m/##.png"))
    (folder / "m").mkdir()
    (folder / "m" / "dear.txt").write_text("dear")
    with pytest.raises(Error, match=r"holds dear\.txt"):
        end(folder)
    assert capsys.readouterr().out.splitlines() == [
        f"video          {folder / 'a.gif'}",
        f"contact sheet  {folder / 'contact-sheet.png'}",
    ]


@pytest.mark.slow
def test_each_size_is_enlarged_once_and_has_a_folder(tmp_path: Path) -> None:
    four = {"upscale": "starter", "size": (4 * WIDTH, 4 * HEIGHT), "preset": "ultrafast"}
    folder = make_run(
        tmp_path / "run",
        OutputSpec("a.mp4", **four),  # type: ignore[arg-type]
        OutputSpec("b.mp4", upscale="starter", size=(2 * WIDTH, 2 * HEIGHT), preset="ultrafast"),
        OutputSpec("c.gif", **four),  # type: ignore[arg-type]
        OutputSpec("d.mp4", preset="ultrafast"),
    )
    end(folder)
    second = f"upscaled-{2 * WIDTH}x{2 * HEIGHT}"
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [
        *("frames", "upscaled", second)
    ]
    sizes = {name: look(folder / name).pixels.shape[2] for name in ("a.mp4", "b.mp4", "c.gif")}
    assert sizes == {"a.mp4": 4 * WIDTH, "b.mp4": 2 * WIDTH, "c.gif": 4 * WIDTH}
    made = {path: path.stat().st_mtime_ns for path in folder.glob("upscaled*/*.png")}
    assert len(made) == 2 * COUNT
    end(folder)
    assert made == {path: path.stat().st_mtime_ns for path in made}, "nothing is made again"


def test_frames_of_shots_of_the_same_number_are_enlarged_apart(tmp_path: Path) -> None:
    """Layers of an enlarged video come from the folders that the frames came from."""
    folder = make_run(tmp_path / "run", OutputSpec("a/#.png", size=(96, 64), upscale="starter"))
    shown = []
    for level, shot in enumerate(("day", "night")):
        path = folder / "frames" / shot / "000000.png"
        path.parent.mkdir()
        path.write_bytes(encode_png(np.full((HEIGHT, WIDTH, 3), 60 + 120 * level, np.uint8)))
        shown.append(Layer(path, FrameId(0, shot), 0.5, Offset(x=2.0)))
    end(folder, replace(read_footage(folder), shown=(tuple(shown),)))
    assert sorted(str(path.relative_to(folder)) for path in folder.glob("upscaled/**/*.png")) == [
        *("upscaled/day/000000.png", "upscaled/night/000000.png")
    ]
    found = decode_png((folder / "a" / "0.png").read_bytes())
    assert found.shape == (64, 96, 3) and abs(found.mean() - 120) < 3


@pytest.mark.parametrize("upscale", ["starter", "lanczos"])
def test_a_pose_is_as_large_in_an_enlarged_video(tmp_path: Path, upscale: Upscale) -> None:
    size = 4 * WIDTH, 4 * HEIGHT
    folder = make_run(tmp_path / "run", OutputSpec("a/#.png", size=size, upscale=upscale))
    footage = read_footage(folder)
    edge = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    edge[:, WIDTH // 2 :] = 200
    footage.frames[0].write_bytes(encode_png(edge))
    shown = [(Layer(footage.frames[0], FrameId(0), 1.0, Offset(x=x)),) for x in (0.0, 1.0)]
    end(folder, replace(footage, shown=tuple(shown)))
    pictures = [decode_png(path.read_bytes()) for path in sorted((folder / "a").iterdir())]
    edges = [int(np.argmax(pixels[2 * HEIGHT, :, 1] > 120)) for pixels in pictures]
    assert edges[0] == pytest.approx(2 * WIDTH, abs=1) and abs(edges[1] - edges[0] - 4) <= 1


def test_an_encoding_of_some_length_tells_the_time_that_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_run(tmp_path / "run", OutputSpec("a.mp4", preset="ultrafast"))
    finish(read_footage(folder), folder, "cpu", Console(stderr=True))
    assert capsys.readouterr().err == "", "a short one is not worth a word"
    monkeypatch.setattr(finishing, "_PATIENCE", 0.0)
    finish(read_footage(folder), folder, "cpu", Console(stderr=True))
    told = capsys.readouterr().err
    assert told.startswith("encoding a.mp4 frame 1 of 3: ") and told.rstrip().endswith(" left")

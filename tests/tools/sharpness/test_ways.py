"""Crispness of several pictures, ways to enlarge them, and the command."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.catalogue.network_digests import UPSCALER
from tests.tools.sharpness.drawn import ramp
from tools.sharpness.__main__ import film_frames, main
from tools.sharpness.ways import by_network, crispness, lanczos
from tools.world.paint import paint


def test_wider_edges_are_as_many_times_softer() -> None:
    crisp, soft = crispness([ramp(5), ramp(5, 90)]), crispness([ramp(10), ramp(10, 90)])
    median, mean, fine = soft.softer_than(crisp)
    assert median == pytest.approx(2, rel=0.1) and mean == pytest.approx(2, rel=0.1)
    assert fine > 1.5
    assert crisp.softer_than(crisp) == (1, 1, 1)


def test_the_ways_enlarge_to_the_size_that_is_looked_at() -> None:
    picture, size = paint(5, 240, 160).picture, (120, 80)
    ways = [lanczos((24, 16), size), by_network(UPSCALER, (24, 16), size)]
    assert [way.name for way in ways] == ["Lanczos 24 x 16", "starter/upscaler 24 x 16"]
    for way in ways:
        assert way.small(picture).shape == (16, 24, 3)
        assert way.enlarge(way.small(picture)).shape == (80, 120, 3)
    blurred, painted = (crispness([way.enlarge(way.small(picture))]) for way in ways)
    assert painted.median < blurred.median and painted.fineness > blurred.fineness


@pytest.mark.slow
def test_the_command_measures_paintings_frames_and_films(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frames, film = tmp_path / "frames", tmp_path / "film.mp4"
    frames.mkdir()
    native, large = paint(7, 48, 32).picture, paint(7, 192, 128).picture
    cv2.imwrite(str(frames / "000000.png"), native[..., ::-1])
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"mp4v"), 12, (192, 128))
    for _ in range(13):
        writer.write(np.ascontiguousarray(large[..., ::-1]))
    writer.release()
    seen = list(film_frames(film))
    assert len(seen) == 2 and np.abs(seen[0].astype(int) - large).mean() < 8
    main([
        *("--upscaler", str(UPSCALER), "48x32", "--size", "192x128", "--count", "2"),
        *("--moved", "1", "--frames", str(frames), "--films", str(film)),
    ])  # fmt: skip
    lines = capsys.readouterr().out.splitlines()
    beginnings = (
        "the painter's", "Lanczos 48 x 32", "    off by", "starter/upscaler 48 x 32", "    off by",
        "frames Lanczos 48 x 32", "frames starter/upscaler 48 x 32", "film.mp4",
    )  # fmt: skip
    assert [line.startswith(words) for line, words in zip(lines, beginnings, strict=True)] == [
        True
    ] * 8
    assert "(x 1.00)" in lines[0]

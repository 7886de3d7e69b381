"""Every format, made and looked at again: its pictures, colours, tags and times."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageSequence

from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.output.tags import read_metadata
from tests.media import frame_times, look, streams, write_tone
from tests.pipeline.videos import DIGEST, make, write_frames

pytestmark = pytest.mark.slow

WIDTH, HEIGHT, COUNT = 64, 48, 6


def coloured(frame: int) -> Pixels:
    """Soft blobs of strong colours, other ones in each frame."""
    blobs = np.random.default_rng(frame).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    smooth = cv2.resize(blobs, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth, dtype=np.uint8)


@pytest.fixture
def frames(tmp_path: Path) -> list[Path]:
    (tmp_path / "frames").mkdir()
    paths = [tmp_path / "frames" / f"{frame:06d}.png" for frame in range(COUNT)]
    for frame, path in enumerate(paths):
        path.write_bytes(encode_png(coloured(frame)))
    return paths


def decoded(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The frames of a file or folder."""
    if path.is_dir():
        return np.stack([decode_png(file.read_bytes()) for file in sorted(path.iterdir())])
    if path.suffix == ".webp":
        with Image.open(path) as moving:
            return np.stack(
                [np.asarray(one.convert("RGB")) for one in ImageSequence.Iterator(moving)]
            )
    return look(path).pixels


CASES: dict[str, tuple[dict[str, object], str, float]] = {
    "a.mp4": ({"crf": 5}, "Video: h264 (High", 2.5),
    "a.m4v": ({"crf": 5, "bit_depth": 10}, "Video: h264 (High 10)", 2.0),
    "a.webm": ({"crf": 5, "preset": "medium"}, "Video: vp9 (Profile 0), yuv420p(tv, bt709", 2.5),
    "b.webm": ({"crf": 5, "bit_depth": 10}, "Video: vp9 (Profile 2), yuv420p10le(tv, bt709", 2.0),
    "a.mov": ({"bit_depth": 10}, "Video: prores (HQ) (apch / ", 1.5),
    "a.gif": ({}, "Video: gif", 6.0),
    "a.webp": ({}, "", 4.0),
    "a/###.png": ({}, "", 0.0),
}
"""Of each name the settings, what ffmpeg says of it, and the mean error of a level at most."""


@pytest.mark.parametrize("name", CASES)
def test_every_frame_has_its_colours(tmp_path: Path, frames: list[Path], name: str) -> None:
    options, words, error = CASES[name]
    options = {"preset": "medium", **options}
    found = decoded(make(frames, tmp_path / "made", file=name, **options)).astype(float)
    expected = np.stack([coloured(frame) for frame in range(COUNT)])
    assert found.shape == expected.shape
    difference = found - expected
    assert np.abs(difference).mean() <= error
    assert np.abs(difference.mean(axis=(0, 1, 2))).max() <= error / 4 + 0.05, "no colour cast"
    if words:
        assert words in streams(tmp_path / name)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"frames", name.split("/")[0]}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.mp4", "yuv420p(tv, bt709"),
        ("a.m4v", "yuv420p10le(tv, bt709"),
        ("a.webm", "yuv420p(tv, bt709"),
        ("b.webm", "yuv420p10le(tv, bt709"),
        ("a.mov", "yuv422p10le(tv, bt709"),
    ],
)
def test_players_are_told_the_colours(
    tmp_path: Path, frames: list[Path], name: str, form: str
) -> None:
    options = {**CASES[name][0], "preset": "ultrafast"}
    words = streams(make(frames, tmp_path / name, **options))
    # One word stands for all three of matrix, primaries and transfer, where they agree.
    assert re.search(rf"{re.escape(form)}[,)]", words), words
    tags = read_metadata(tmp_path / name)
    tags = {key.lower(): value for key, value in tags.items()}
    assert (tags["title"], tags["comment"]) == ("pulse", f"discoreel {DIGEST}")


@pytest.mark.parametrize("name", ["a.mp4", "a.m4v", "a.mov"])
def test_the_index_comes_before_the_data(tmp_path: Path, frames: list[Path], name: str) -> None:
    options = {**CASES[name][0], "preset": "ultrafast"}
    data = make(frames, tmp_path / name, **options).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_ten_bits_hold_steps_that_eight_do_not(tmp_path: Path) -> None:
    """Of two greys in turn, the finer form keeps the distance of each from its neighbour."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 16, axis=0).repeat(3, axis=2)
    frame = tmp_path / "000000.png"
    frame.write_bytes(encode_png(ramp))
    levels = {
        depth: len(np.unique(look(make([frame], tmp_path / "a.mp4", crf=0, **form)).pixels))
        for depth, form in ((8, {"bit_depth": 8}), (10, {"bit_depth": 10}))
    }
    assert levels[8] < 225 and levels[10] > 250


@pytest.mark.parametrize(
    ("name", "sound"), [("a.mp4", "aac"), ("a.webm", "opus"), ("a.mov", "pcm_s24le")]
)
def test_sound_is_what_the_format_plays(
    tmp_path: Path, frames: list[Path], name: str, sound: str
) -> None:
    song = write_tone(tmp_path / "song.wav", 1.0)
    options = {**CASES[name][0], "preset": "ultrafast", "soundtrack": str(song)}
    assert f"Audio: {sound}" in streams(make(frames, tmp_path / name, **options))


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a/#.png"])
def test_what_has_no_sound_does_not_ask_for_the_song(
    tmp_path: Path, frames: list[Path], name: str
) -> None:
    make(frames, tmp_path / "made", file=name, soundtrack=str(tmp_path / "gone.wav"))


@pytest.mark.parametrize(("fps", "count"), [("24", 12), ("50", 12), ("60", 6), ("240", 3)])
def test_a_gif_is_as_long_as_the_video(tmp_path: Path, fps: str, count: int) -> None:
    rate = Fraction(fps)
    out = make(write_frames(tmp_path / "frames", 12), tmp_path / "a.gif", fps=rate)
    with Image.open(out) as moving:
        delays = [one.info["duration"] for one in ImageSequence.Iterator(moving)]
        assert moving.info["loop"] == 0, "for ever"
    assert len(delays) == count
    assert min(delays) >= 20, "players slow down what is shorter"
    assert sum(delays) == pytest.approx(1000 * 12 / rate, abs=12)


def test_a_webp_is_as_long_as_the_video(tmp_path: Path) -> None:
    out = make(write_frames(tmp_path / "frames", 12), tmp_path / "a.webp", fps=Fraction(24))
    data = out.read_bytes()
    # The head of each ANMF chunk, at the 12th byte of which stand 3 of the frame's milliseconds.
    starts = [match.end() + 4 + 12 for match in re.finditer(b"ANMF", data)]
    delays = [int.from_bytes(data[start : start + 3], "little") for start in starts]
    assert len(delays) == 12 and sum(delays) == pytest.approx(500, abs=2)


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.mov"])
@pytest.mark.parametrize("fps", ["24", "30000/1001", "60"])
def test_frames_are_shown_at_their_times(
    tmp_path: Path, frames: list[Path], name: str, fps: str
) -> None:
    options = {**CASES[name][0], "preset": "ultrafast"}
    times = frame_times(make(frames, tmp_path / name, fps=Fraction(fps), **options))
    # WebM counts in thousandths of a second.
    np.testing.assert_allclose(times, np.arange(COUNT) / float(Fraction(fps)), atol=0.00051)


@pytest.mark.parametrize(
    ("name", "size"),
    [("a.mp4", (34, 18)), ("a.webm", (34, 18)), ("a.mov", (34, 18)), ("a.gif", (33, 17))],
)
def test_sides_are_even_where_they_have_to_be(
    tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    frames = write_frames(tmp_path / "frames", 2, width=33, height=17)
    options = {**CASES[name][0], "preset": "ultrafast"}
    assert look(make(frames, tmp_path / name, **options)).pixels.shape[2:0:-1] == size


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a/#.png"])
def test_a_size_is_scaled_to_in_any_format(tmp_path: Path, frames: list[Path], name: str) -> None:
    options: dict[str, object] = {"file": name, "size": (31, 45), "fit": "contain"}
    found = decoded(make(frames, tmp_path / "made", **options))
    assert found.shape == (COUNT, 45, 31, 3)
    assert found[:, :9].max() < 8 and found[:, 15:-15].mean() > 60


def test_progress_is_told_where_all_comes_at_once(tmp_path: Path, frames: list[Path]) -> None:
    told: list[int] = []
    make(frames, tmp_path / "a.webp", progress=told.append)
    assert told == list(range(1, COUNT + 1))

"""What becomes of good and of bad sound when it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Error
from pipeline.files.ffmpeg import ffmpeg
from pipeline.music.sound import RATE, blocks
from tests import child
from tests.media import write_silence, write_wav

pytestmark = pytest.mark.slow

PULSE = Path(__file__).parents[3] / "scenes" / "music" / "pulse.ogg"
MIXTURE = "sine=d=20:f=330,volume=0.5[a];anoisesrc=d=20:a=0.1:seed=5[b];[a][b]amix"


def encode(path: Path, graph: str, *arguments: str) -> Path:
    """What ffmpeg makes of a graph of filters."""
    argv = [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", graph, *arguments, str(path)]
    child.run(argv, check=True)
    return path


def seconds(path: Path) -> float:
    """How much sound is read."""
    return sum(map(len, blocks(path))) / RATE


def hole(data: bytes) -> bytes:
    """The data with zeros in the middle."""
    half = len(data) // 2
    return data[:half] + bytes(3000) + data[half + 3000 :]


@pytest.mark.parametrize(
    ("name", "place"), [("a.mp3", "9.96"), ("a.flac", "9.9"), ("a.ogg", "9.2"), ("a.m4a", "10.2")]
)
def test_a_hole_in_the_middle_is_told_with_its_time(tmp_path: Path, name: str, place: str) -> None:
    whole = encode(tmp_path / name, MIXTURE)
    whole.write_bytes(hole(whole.read_bytes()))
    read = 0
    with pytest.raises(Error) as caught:
        for block in blocks(whole):
            read += len(block)

    assert f"{name} is damaged after {place}" in str(caught.value)
    assert str(caught.value).endswith("so that beats behind that would be wrong; export it again")
    assert read > 10 * RATE, "what could be read has been given before"


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg", "a.wav"])
def test_a_file_that_breaks_off_counts_as_far_as_it_goes(tmp_path: Path, name: str) -> None:
    whole = encode(tmp_path / name, MIXTURE)
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) * 6 // 10])

    assert 10.5 < seconds(whole) < 12.5


@pytest.mark.parametrize("name", ["a.mp3", "a.flac"])
def test_what_hangs_on_the_end_is_passed_over(tmp_path: Path, name: str) -> None:
    whole = encode(tmp_path / name, MIXTURE)
    whole.write_bytes(whole.read_bytes() + b"written by a tagger of old " * 20)

    assert seconds(whole) == pytest.approx(20, abs=0.01)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "cannot be read: No such file"),
        (lambda path: path.write_bytes(b""), "is empty, 0 bytes; export the sound again"),
        (lambda path: path.write_text("la la la"), "is not a sound that can be read (a text)"),
        (
            lambda path: encode(path, "color=d=0.5:s=16x16", "-f", "mp4"),
            "holds pictures and no sound; name a file with sound",
        ),
    ],
    ids=["missing", "empty", "text", "silent-film"],
)
def test_what_is_no_sound_is_named(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    song = tmp_path / "song.wav"
    make(song)
    with pytest.raises(Error, match=r"the sound .*song\.wav ") as caught:
        list(blocks(song))

    assert message in str(caught.value)


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 192000])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_any_rate_and_number_of_channels(tmp_path: Path, rate: int, channels: int) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate // 2) / rate)
    path = write_wav(tmp_path / "a.wav", np.repeat(tone[:, None], channels, axis=1), rate)
    samples = np.concatenate(list(blocks(path)))

    assert len(samples) == pytest.approx(RATE / 2, abs=2)
    assert np.sqrt(np.mean(samples[1000:-1000] ** 2)) == pytest.approx(0.354, rel=0.02)


def test_a_sound_begins_where_its_file_begins(tmp_path: Path) -> None:
    click = np.zeros(44100)
    click[22050] = 1
    samples = np.concatenate(list(blocks(write_wav(tmp_path / "a.wav", click))))

    assert abs(int(np.abs(samples).argmax()) - RATE // 2) <= 1


def test_names_in_any_script(tmp_path: Path) -> None:
    path = tmp_path / "灯塔 'x' %d.wav"
    write_silence(path, 0.5)

    assert seconds(path) == 0.5


def test_a_reader_may_stop_early(tmp_path: Path) -> None:
    song = encode(tmp_path / "a.wav", "sine=d=90:r=8000")
    reading = blocks(song)

    assert len(next(reading)) == 20 * RATE
    reading.close()


def test_a_hole_is_told_from_what_vorbis_does_at_every_stroke(tmp_path: Path) -> None:
    """At a stroke its blocks change their length, and time stamps leave out 10 ms."""
    data, song = PULSE.read_bytes(), tmp_path / "song.ogg"
    song.write_bytes(hole(data))
    with pytest.raises(Error, match=r"song\.ogg is damaged after 20\.\d+ s"):
        seconds(song)
    song.write_bytes(data + b"written by a tagger of old " * 20)
    assert seconds(song) == pytest.approx(42, abs=0.01)

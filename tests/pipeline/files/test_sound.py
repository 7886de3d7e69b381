"""Sound files: what can become the sound of a video, and what is said of the rest."""

from __future__ import annotations

import wave
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.png import encode_png
from pipeline.files.sound import sound_fault
from tests import child
from tests.media import write_silence


def write_channels(path: Path, channels: int, samples: int = 400) -> Path:
    """A WAV file of silence; without samples it is a header only."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * channels * samples))
    return path


def make(path: Path, *arguments: str) -> Path:
    """What ffmpeg makes of `arguments`."""
    child.run([ffmpeg(), "-v", "error", *arguments, str(path)], check=True)
    return path


TONE = ("-f", "lavfi", "-i", "sine=d=0.5")
PICTURES = ("-f", "lavfi", "-i", "color=d=0.5:s=16x16")


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg", "a.opus", "a.m4a", "a.aiff", "a.wma"])
def test_the_usual_formats_are_sound(tmp_path: Path, name: str) -> None:
    assert sound_fault(make(tmp_path / name, *TONE)) == ""


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    assert sound_fault(write_silence(tmp_path / "song.txt", 0.1)) == ""


def test_a_video_has_sound_and_a_song_a_cover(tmp_path: Path) -> None:
    assert sound_fault(make(tmp_path / "a.mp4", *PICTURES, *TONE)) == ""
    cover = tmp_path / "cover.png"
    cover.write_bytes(encode_png(np.zeros((8, 8, 3), np.uint8)))
    both = ("-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
    assert sound_fault(make(tmp_path / "a.mp3", *TONE, "-i", str(cover), *both)) == ""


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 8, 10, 16])
def test_any_known_number_of_channels_will_do(tmp_path: Path, channels: int) -> None:
    assert sound_fault(write_channels(tmp_path / "a.wav", channels)) == ""


def test_channels_without_places_cannot_be_mixed(tmp_path: Path) -> None:
    fault = sound_fault(write_channels(tmp_path / "a.wav", 64))
    assert fault.startswith("holds sound that cannot be put into a video (pcm_s16le, 8000 Hz, 64 ")
    assert fault.endswith("; export it as stereo or 5.1")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is empty, 0 bytes; export the sound again"),
        (b"#EXTM3U\nsong.wav\n", "is a list of other files; name the sound file itself"),
        (b"ffconcat version 1.0\nfile a.wav", "is a list of other files; name the sound file it"),
        ("the words of the song, für später".encode(), "is not a sound that can be read (a text);"),
        (bytes(range(256)) * 8, "is not a sound that can be read (ffmpeg: Failed to find"),
    ],
    ids=["empty", "playlist", "concat", "text", "noise"],
)
def test_what_is_no_sound_is_named(tmp_path: Path, data: bytes, fault: str) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(data)
    assert sound_fault(path).startswith(fault)


def test_a_description_of_a_broadcast_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.sdp").write_text("v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n")
    assert sound_fault(tmp_path / "a.sdp").startswith("is not a sound that can be read (a text)")


def test_pictures_have_no_sound(tmp_path: Path) -> None:
    picture = tmp_path / "cover.mp3"
    picture.write_bytes(encode_png(np.zeros((8, 8, 3), np.uint8)))
    fault = "holds pictures and no sound; name a file with sound"
    assert sound_fault(picture) == fault
    assert sound_fault(make(tmp_path / "silent.mp4", *PICTURES)) == fault


def test_a_header_alone_is_no_sound(tmp_path: Path) -> None:
    fault = sound_fault(write_channels(tmp_path / "a.wav", 2, samples=0))
    assert fault == "has the header of a sound and no sound after it; export it again"


def test_a_folder_and_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    assert sound_fault(tmp_path / "gone").startswith("cannot be read: No such file")
    assert sound_fault(tmp_path).startswith("cannot be read: ")


def test_a_long_song_is_not_decoded_whole(tmp_path: Path) -> None:
    song = write_channels(tmp_path / "song.wav", 2)
    head = song.read_bytes()[:44]
    gigabytes = 2**32 - 2**20
    with song.open("wb") as file:
        file.write(head[:40] + (gigabytes - 44).to_bytes(4, "little"))
        file.truncate(gigabytes)  # 37 hours of zeros that take no room
    started = perf_counter()
    assert sound_fault(song) == ""
    assert perf_counter() - started < 10, "to encode it takes minutes"

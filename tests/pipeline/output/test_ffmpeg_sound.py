"""The sound of a video: it begins with the picture, and the picture sets the length."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Error
from tests.media import RATE, look, sound_of, write_tone
from tests.pipeline.videos import make, write_frames


@pytest.mark.parametrize("seconds", [0.5, 5.0])
def test_the_picture_sets_the_length(tmp_path: Path, seconds: float) -> None:
    frames = write_frames(tmp_path / "frames", 24)
    sound = write_tone(tmp_path / "song.wav", seconds)
    out = make(frames, tmp_path / "pulse.mp4", soundtrack=str(sound))
    video = look(out)
    assert video.pixels.shape[0] == 24
    assert video.duration == pytest.approx(2.0, abs=0.05)
    assert "Audio: aac" in video.words
    heard = len(sound_of(out)) / RATE
    # A sound that ends by itself ends with a whole AAC packet of 1024 samples.
    assert min(seconds, 2.0) - 0.001 <= heard <= min(seconds, 2.0) + 1024 / RATE


@pytest.mark.slow
def test_the_sound_starts_with_the_picture(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 24)
    sound = write_tone(tmp_path / "song.wav", 4.0, silent=1.5)
    whole = sound_of(make(frames, tmp_path / "a.mp4", soundtrack=str(sound)))
    later = sound_of(make(frames, tmp_path / "b.mp4", soundtrack=str(sound), soundtrack_start=1.0))
    onsets = [float(np.argmax(np.abs(samples) > 0.2)) / RATE for samples in (whole, later)]
    np.testing.assert_allclose(onsets, [1.5, 0.5], atol=0.03)


def test_a_missing_soundtrack_is_told_before_anything_runs(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 1)
    with pytest.raises(Error) as caught:
        make(frames, tmp_path / "a.mp4", soundtrack=str(tmp_path / "gone.ogg"))
    assert str(caught.value) == (
        f"the soundtrack {tmp_path}/gone.ogg does not exist; put it there, or name another file "
        "under music.file and render the scene again with the same --out; its frames are kept"
    )


def test_a_soundtrack_that_is_over_before_the_video_begins_is_told(tmp_path: Path) -> None:
    frames, song = write_frames(tmp_path / "frames", 1), write_tone(tmp_path / "song.wav", 1.0)
    with pytest.raises(Error) as caught:
        make(frames, tmp_path / "a.mp4", soundtrack=str(song), soundtrack_start=1.25)
    assert str(caught.value) == (
        f"the soundtrack {song} ends before second 1.25, where the video begins; write an earlier "
        "music.start and render the scene again with the same --out; its frames are kept"
    )
    make(frames, tmp_path / "a.mp4", soundtrack=str(song), soundtrack_start=0.9)
    assert "Audio: aac" in look(tmp_path / "a.mp4").words


@pytest.mark.slow
@pytest.mark.parametrize(
    ("channels", "layout"), [(2, "stereo"), (6, "5.1"), (8, "5.1"), (10, "5.1"), (16, "5.1")]
)
def test_what_has_more_channels_than_players_know_is_mixed_down(
    tmp_path: Path, channels: int, layout: str
) -> None:
    tone = (20000 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE)).astype("<i2")
    with wave.open(str(tmp_path / "song.wav"), "wb") as song:
        song.setnchannels(channels)
        song.setsampwidth(2)
        song.setframerate(RATE)
        song.writeframes(np.repeat(tone[:, None], channels, axis=1).tobytes())
    frames = write_frames(tmp_path / "frames", 12)
    out = make(frames, tmp_path / "a.mp4", soundtrack=str(tmp_path / "song.wav"))
    assert re.search(rf"Audio: aac .*, {re.escape(layout)}(\(side\))?, ", look(out).words)
    assert np.abs(sound_of(out)).max() > 0.3


def test_a_sound_that_cannot_be_used_is_told_before_anything_runs(tmp_path: Path) -> None:
    frames, song = write_frames(tmp_path / "frames", 1), tmp_path / "song.wav"
    song.write_bytes(b"")
    with pytest.raises(Error) as caught:
        make(frames, tmp_path / "a.mp4", soundtrack=str(song))
    assert str(caught.value) == (
        f"the soundtrack {song} is empty, 0 bytes; export the sound again, or name another file "
        "under music.file and render the scene again with the same --out; its frames are kept"
    )

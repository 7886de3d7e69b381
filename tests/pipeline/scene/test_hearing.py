"""What formulas hear in a scene, and what is told where there is nothing to hear."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.files.ffmpeg import ffmpeg
from tests import child
from tests.media import write_silence, write_tone
from tests.pipeline.scene_files import complaints, load

VIDEO = "video: {size: [64, 64], fps: 24, duration: 2s}\nprompts: a castle\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is heard is kept in the working directory."""
    monkeypatch.chdir(tmp_path)


def zoomed(formula: str, music: str) -> str:
    return f'{VIDEO}music: {{{music}}}\ncamera: {{mode: 2d, zoom: "{formula}"}}\n'


def test_a_formula_hears_the_song_and_its_stems(tmp_path: Path) -> None:
    write_silence(tmp_path / "song.wav", 2.5)
    write_tone(tmp_path / "drums.wav", 2.5, silent=1.0)
    said = "1 + kick + low(attack=0.1, release=0.3) + band(60, 120, gain=2) + 2 * drums.loudness"
    scene = load(tmp_path, zoomed(said, "file: song.wav, stems: {drums: drums.wav}"))
    zoom = scene.camera.zoom(np.arange(48.0))
    assert np.array_equal(zoom[:23], np.ones(23))
    np.testing.assert_allclose(zoom[26:], 3, atol=0.01)


@pytest.mark.parametrize(
    ("formula", "music", "told"),
    [
        ("1 + kick", "bpm: 120", '"kick" needs the sound of the song; set `music.file`'),
        ("1 + drums.kick", "bpm: 120", '"drums.kick" needs the sound of a stem; set `music.stems`'),
        ("1 + kik", "file: song.wav", 'unknown name "kik" (did you mean "kick"?)'),
        (
            "low(relese=1)",
            "file: song.wav",
            'low has no "relese" (did you mean "release"?)',
        ),
        ("band(60)", "file: song.wav", "band has 1 value"),
    ],
)
def test_what_cannot_be_heard_is_told(tmp_path: Path, formula: str, music: str, told: str) -> None:
    write_silence(tmp_path / "song.wav", 2.5)
    (found,) = complaints(tmp_path, zoomed(formula, music))
    assert told in found, found


def test_a_formula_is_no_mistake_where_the_music_is_one(tmp_path: Path) -> None:
    said = "1 + kick + drums.snare(release=0.2) + band(60, 120)"
    (found,) = complaints(tmp_path, zoomed(said, "file: gone.wav, stems: {drums: also.wav}"))[:1]
    assert "gone.wav" in found
    everything = complaints(tmp_path, zoomed(said, "file: gone.wav, stems: {drums: also.wav}"))
    assert not any("camera" in one for one in everything)
    write_silence(tmp_path / "song.wav", 2.5)
    text = zoomed("1 + kick", "file: song.wav").replace("2s", "two")
    assert [one.split(": ")[1] for one in complaints(tmp_path, text)] == ["video.duration"]


@pytest.mark.slow
def test_a_fault_in_a_song_is_told_once_where_it_is_named(tmp_path: Path) -> None:
    tone, song = write_tone(tmp_path / "tone.wav", 20), tmp_path / "song.mp3"
    child.run([ffmpeg(), "-v", "error", "-i", str(tone), str(song)], check=True)
    data = song.read_bytes()
    half = len(data) // 2
    song.write_bytes(data[:half] + bytes(3000) + data[half + 3000 :])
    formulas = 'camera: {mode: 2d, zoom: "1 + kick", roll: low, translate_x: drums.low}\n'
    named = "file: song.mp3, stems: {drums: song.mp3}"
    for duration, settings, told in (
        ("2s", named, ["3:15: music.file", "3:40: music.stems.drums"]),
        ("song", "file: song.mp3, bpm: auto", ["3:15: music.file"]),
    ):
        text = f"{VIDEO}music: {{{settings}}}\n{formulas if settings == named else ''}"
        found = complaints(tmp_path, text.replace("2s", duration))
        assert [": ".join(one.split(": ")[:2]) for one in found] == told
        assert all("song.mp3 is damaged after 9." in one for one in found)


@pytest.mark.parametrize("content", [b"", b"a text", b"MThd\0\0\0\x06\0\1\0\1\1\xe0MTrk"])
def test_notes_that_cannot_be_read_are_one_mistake(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "song.mid").write_bytes(content)
    said = "1 + midi.kick + midi.bass(release=0.3, hold=1)"
    (told,) = complaints(tmp_path, zoomed(said, "midi: song.mid"))
    assert told.startswith("3:15: music.midi: ")

"""The song as files: Ogg Vorbis, the drums as MIDI, the words as LRC."""

from __future__ import annotations

import subprocess
from pathlib import Path

import mido

from pipeline.files.ffmpeg import ffmpeg, file_url
from tools.song import score
from tools.song.voices import RATE, Samples

TICKS = 480
"""Ticks of the MIDI file in a beat."""


def write_ogg(path: Path, track: Samples, quality: float) -> None:
    """Encode a stereo track (2, samples); `quality` is libvorbis's, -1 to 10."""
    argv = [ffmpeg(), "-hide_banner", "-loglevel", "error", "-y", "-f", "f32le"]
    argv += ["-ar", str(RATE), "-ac", "2", "-i", "-", "-map_metadata", "-1"]
    argv += ["-c:a", "libvorbis", "-q:a", str(quality), "-serial_offset", "1"]
    argv += ["-metadata", "title=Pulse", "-metadata", "artist=discoreel"]
    argv += ["-metadata", "license=MIT", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run([*argv, file_url(path)], input=track.T.astype("<f4").tobytes(), check=True)


def write_drums(path: Path) -> None:
    """Kick, snare and hat (open ones and the cymbal too) on General MIDI's channel 10.

    Tick 0 is the file's first sample. The half second before bar 1 is one beat at this tempo, and
    is written as what it is to a musician: a bar of 1/4 before those of 4/4.
    """
    track = mido.MidiTrack()
    lead = round(score.FIRST_BEAT * score.BPM / 60 * TICKS)
    track.append(mido.MetaMessage("track_name", name="drums"))
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(score.BPM)))
    track.append(mido.MetaMessage("time_signature", numerator=1, denominator=4))
    events = [(lead, 0, mido.MetaMessage("time_signature", numerator=4, denominator=4))]
    for note in score.drum_hits():
        start = lead + round(note.beat * TICKS)
        end = start + round(note.beats * TICKS / 2)
        words = {"channel": 9, "note": note.pitch}
        velocity = round(127 * note.velocity)
        events.append((start, 2, mido.Message("note_on", velocity=velocity, **words)))
        events.append((end, 1, mido.Message("note_off", velocity=0, **words)))
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    file = mido.MidiFile(type=0, ticks_per_beat=TICKS)
    file.tracks.append(track)
    file.save(str(path))

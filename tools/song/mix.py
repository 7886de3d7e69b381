"""The notes played on the instruments, and brought together as one stereo track.

Convention: a track is (2, samples), left and right, nominally in [-1, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from tools.song import score, voices
from tools.song.voices import RATE, Samples

SEED = 20
LENGTH = round(score.SECONDS * RATE)
CEILING = 10 ** (-3.5 / 20)
"""The loudest sample, 3.5 dB below full scale: what the encoder adds stays below -1 dB then."""

_DUCKED = 0.55
_DUCK_SECONDS = 0.11


def play(
    notes: Iterable[score.Note], voice: Callable[[score.Note], Samples], pan: float = 0.0
) -> Samples:
    """A track of notes; `pan` from -1, left, to 1, right. A voice gives mono or stereo."""
    track = np.zeros((2, LENGTH))
    sides = np.sqrt([[1 - pan], [1 + pan]])
    for note in notes:
        _add(track, sides * voice(note), score.seconds(note.beat))
    return track


def _add(track: Samples, sound: Samples, start: float) -> None:
    first = round(start * RATE)
    track[:, first : first + sound.shape[-1]] += sound[..., : track.shape[1] - first]


def drums(hits: Iterable[score.Note]) -> Samples:
    """Kick, snare, hats and cymbal."""
    rng = np.random.default_rng(SEED)
    levels = {score.HAT: (0.03, 0.55), score.OPEN_HAT: (0.08, 0.5), score.CRASH: (0.5, 0.55)}

    def hit(note: score.Note) -> Samples:
        if note.pitch == score.KICK:
            return 0.62 * voices.kick(note.velocity)
        if note.pitch == score.SNARE:
            return 0.85 * voices.snare(note.velocity, rng)
        decay, level = levels[note.pitch]
        return level * voices.hat(note.velocity, decay, rng)

    return play(hits, hit)


def chords(bars: Iterable[int], cutoff: float) -> Samples:
    """The pads of some bars, brighter with a higher `cutoff` in Hz."""

    def sound(note: score.Note) -> Samples:
        return 0.036 * note.velocity * np.stack(voices.pad(note.pitch, _length(note), cutoff))

    return play(score.pads(list(bars)), sound)


def _length(note: score.Note) -> float:
    return note.beats * 60 / score.BPM


def ducking() -> Samples:
    """The gain that makes room for each kick: `1 - _DUCKED` at the kick, back to 1 after it."""
    gain, since = np.ones(LENGTH), voices.times(1.0)
    dip = 1 - _DUCKED * np.exp(-since / _DUCK_SECONDS)
    for note in score.drum_hits():
        if note.pitch == score.KICK:
            first = round(score.seconds(note.beat) * RATE)
            part = gain[first : first + len(dip)]
            np.minimum(part, dip[: len(part)], out=part)
    return gain


def reverberation(track: Samples, seconds: float) -> Samples:
    """What a hall gives back: noise that has died away to a thousandth after `seconds`."""
    from scipy.signal import butter, fftconvolve, sosfilt

    rng = np.random.default_rng(SEED + 1)
    t = voices.times(seconds)
    hall = rng.standard_normal((2, len(t))) * 10 ** (-3 * t / seconds)
    hall[:, : round(0.012 * RATE)] = 0
    hall = sosfilt(butter(1, [250, 5500], "bandpass", fs=RATE, output="sos"), hall)
    hall /= np.sqrt((hall**2).sum(axis=1, keepdims=True))
    return np.asarray(fftconvolve(track, hall, axes=1)[:, :LENGTH])


def echoes(track: Samples) -> Samples:
    """Four echoes, three quarters of a beat apart, from side to side."""
    step, out = round(0.75 * 60 / score.BPM * RATE), np.zeros_like(track)
    for k in range(1, 5):
        sides = track if k % 2 else track[::-1]
        pan = np.array([[1.0], [0.35]]) if k % 2 else np.array([[0.35], [1.0]])
        out[:, k * step :] += 0.5**k * pan * sides[:, : LENGTH - k * step]
    return out


def limited(track: Samples, gain: float) -> Samples:
    """The track, louder by `gain`, its peaks led below `CEILING` by a gain that looks ahead."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    loud, reach = gain * track, round(0.004 * RATE)
    loud = 1.5 * np.tanh(loud / 1.5)
    wanted = np.minimum(1, CEILING / np.maximum(np.abs(loud).max(axis=0), 1e-9))
    smooth = uniform_filter1d(minimum_filter1d(wanted, 2 * reach + 1), 2 * reach + 1)
    return np.asarray(loud * smooth)


def mix(gain: float = 0.87) -> Samples:
    """The whole song."""
    rng = np.random.default_rng(SEED + 2)
    rhythm = drums(score.drum_hits())
    low = play(
        score.bass(), lambda note: 0.11 * note.velocity * voices.bass(note.pitch, _length(note))
    )
    soft = chords([*score.VERSE, *score.BREAK, *score.OUTRO], 700)
    bright = chords(score.CHORUS, 2600)
    bells = play(
        score.plucks(),
        lambda note: 0.3 * note.velocity * voices.pluck(note.pitch, _length(note)),
        0.2,
    )
    tune = play(
        score.tune(),
        lambda note: 0.13 * note.velocity * voices.lead(note.pitch, _length(note)),
        -0.1,
    )
    air = _air(rng)
    wet = reverberation(soft + bright + 0.8 * bells + 0.7 * tune + 0.12 * rhythm, 2.4)
    music = soft + bright + bells + tune + 0.6 * echoes(bells + 0.7 * tune) + 0.4 * wet
    whole = rhythm + ducking() * (low + music + air)
    return limited(whole * _ends(), gain)


def _air(rng: np.random.Generator) -> Samples:
    """The sea before, in the break and at the end, and the rise into the chorus."""
    sea = np.stack([voices.sea(score.SECONDS, rng) for _ in range(2)])
    t = voices.times(score.SECONDS)
    rise, fall = score.seconds(score.first_beat_of(9)), score.seconds(score.first_beat_of(11))
    level = 0.08 + 0.05 * (np.clip((t - rise) / 2, 0, 1) - np.clip((t - fall) / 0.05, 0, 1))
    level += 0.1 * np.clip((t - score.seconds(score.first_beat_of(19))) / 3, 0, 1)
    out = level * sea
    _add(out, 0.38 * voices.riser(fall - rise, rng), rise)
    return np.asarray(out)


def _ends() -> Samples:
    """Silence before the first sample and after the last, reached without a click."""
    t = voices.times(score.SECONDS)
    return np.asarray(np.clip(t / 0.3, 0, 1) * np.clip((score.SECONDS - t) / 1.2, 0, 1))

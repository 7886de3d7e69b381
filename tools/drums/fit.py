"""Fits the weights by which `pipeline.music.hits` tells drums, and writes `drum_weights.py`.

    python -m tools.drums.fit --songs 500

A song takes a second or two, the fit some minutes. The weights that are there came from 330 songs
in which a bass seldom begins with the snare, and 200 more in which it often does; so another run
finds others, which should tell drums as well: `tests/pipeline/music/test_hits.py` says whether.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.music import drum_weights
from pipeline.music.features import spectra
from pipeline.music.hits import CONTEXT, DRUMS, band_powers, rises
from pipeline.music.sound import HOP
from tools.drums.songs import random_song
from tools.drums.sounds import RATE, Sound

SIGNS = 16
"""Numbers between what is weighed and the chances."""
_NEAR = 10
"""Hops around the beginning of a drum that count neither as it nor as something else."""
_DECAY = 3e-5
_FIRST = 10_000
"""Seed of the first song."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Hops of songs: what is weighed there, and whether each drum begins there."""

    weighed: Floats
    """`(n, 64)`."""
    begins: Floats
    """`(n, 3)`: 1, 0, or NaN close to a beginning."""
    weight: Floats
    """`(n,)`: how much a hop counts, by how loud it is."""


def examples(seed: int) -> Examples:
    """Those of one song: all hops around its sounds, and some of the others."""
    song, random = random_song(seed), np.random.default_rng(seed + 10**6)
    new, _, weighed = rises(_rows(song.samples))
    loud = new.sum(axis=1)
    kept = (random.random(len(loud)) < 0.15) & (loud > 1e-3 * np.quantile(loud, 0.98))
    begins = np.zeros((len(loud), len(DRUMS)))
    for name, times in song.times.items():
        for hop in np.rint(np.asarray(times) / HOP).astype(int):
            kept[max(hop - 3, 0) : hop + 4] = True
            if name in DRUMS:
                around = begins[max(hop - _NEAR, 0) : hop + _NEAR + 1, DRUMS.index(name)]
                around[around == 0] = np.nan
                begins[hop, DRUMS.index(name)] = 1
    weight = np.clip(np.sqrt(loud / np.quantile(loud, 0.98)), 0.02, 1)
    return Examples(weighed[kept].astype(np.float64), begins[kept], weight[kept])


def _rows(samples: Sound) -> NDArray[np.float32]:
    from scipy.signal import resample_poly

    sound = resample_poly(samples, 220, RATE // 100).astype(np.float32)
    rows = np.concatenate([band_powers(chunk) for chunk in spectra([sound])])
    return np.pad(rows, ((CONTEXT, CONTEXT), (0, 0)))


def fit(found: Examples, rounds: int) -> list[Floats]:
    """Signs and their biases, chances and theirs, that say best what begins where."""
    from scipy.optimize import minimize

    mean, spread = found.weighed.mean(axis=0), found.weighed.std(axis=0) + 1e-6
    inputs = ((found.weighed - mean) / spread).astype(np.float32)
    known = ~np.isnan(found.begins)
    truth = np.where(known, found.begins, 0)
    weight = _balanced(np.where(known, found.weight[:, None], 0), truth)
    shapes = [(inputs.shape[1], SIGNS), (SIGNS,), (SIGNS, len(DRUMS)), (len(DRUMS),)]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])

    def parts(flat: Floats) -> list[Floats]:
        return [
            part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes, strict=False)
        ]

    def loss(flat: Floats) -> tuple[float, Floats]:
        first, bias, second, last = (part.astype(np.float32) for part in parts(flat))
        signs = np.tanh(inputs @ first + bias)
        score = (signs @ second + last).astype(np.float64)
        value = (weight * (np.logaddexp(0, score) - truth * score)).sum()
        slope = (weight * (1 / (1 + np.exp(-score)) - truth)).astype(np.float32)
        back = (slope @ second.T) * (1 - signs * signs)
        slopes = (inputs.T @ back, back.sum(axis=0), signs.T @ slope, slope.sum(axis=0))
        flat_slopes = np.concatenate([part.ravel() for part in slopes]).astype(np.float64)
        return float(value + _DECAY * (flat @ flat)), flat_slopes + 2 * _DECAY * flat

    start = np.random.default_rng(0).normal(0, 0.1, int(cuts[-1]))
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds}).x
    first, bias, second, last = parts(best)
    first = first / spread[:, None]
    return [first, bias - mean @ first, second, last]


def _balanced(weight: Floats, truth: Floats) -> Floats:
    """Weights of which the beginnings of each drum have a third, and which add up to 1 for it."""
    struck = truth == 1
    ratio = 0.5 * (weight * ~struck).sum(axis=0) / (weight * struck).sum(axis=0)
    found = np.where(struck, weight * ratio, weight)
    return np.asarray(found / found.sum(axis=0))


def written(found: list[Floats]) -> str:
    """The text of the module with these weights."""
    text = f'"""{drum_weights.__doc__}"""\n\nfrom __future__ import annotations\n'
    for name, part in zip(("SIGNS", "SIGNS_BIAS", "CHANCES", "CHANCES_BIAS"), found, strict=True):
        rows = [
            "(" + ", ".join(f"{100 * value:.0f}" for value in row) + ")"
            for row in np.atleast_2d(part)
        ]
        body = rows[0] if part.ndim == 1 else "(\n" + "".join(f"    {row},\n" for row in rows) + ")"
        text += f"\n{name} = {body}\n"
    return text


def main() -> None:
    """Draw songs, fit, write; `ruff format` gives the file its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--songs", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=700)
    options = parser.parse_args()
    drawn = [examples(_FIRST + number) for number in range(options.songs)]
    found = Examples(
        np.concatenate([one.weighed for one in drawn]),
        np.concatenate([one.begins for one in drawn]),
        np.concatenate([one.weight for one in drawn]),
    )
    Path(drum_weights.__file__).write_text(written(fit(found, options.rounds)), encoding="utf-8")


if __name__ == "__main__":
    main()

"""How well beats and bars are found in synthesised tracks: `python -m tools.bench.beats [NAME]`.

Prints a row for each track whose name contains NAME: the tempo that is found as a multiple of the
true one; with a hint that settles the octave the tempo, the F-measure of the beats within 25 ms,
the median of found less true in ms, the beats to a bar and whether bars begin where they should
(-- where nothing marks them); the confidence; and the seconds for onsets and grid.
"""

from __future__ import annotations

import argparse
from time import perf_counter

from pipeline.music.grid import BeatGrid, find_grid
from pipeline.music.onsets import find_onsets
from pipeline.music.sound import RATE
from tools.band.playing import Track
from tools.band.scores import Score, hint, octave, score
from tools.band.tracks import tracks


def listen(track: Track) -> tuple[BeatGrid, BeatGrid, float]:
    """The grids of a track without and with a hint, and the seconds for the first."""
    started = perf_counter()
    block = 20 * RATE
    onsets = find_onsets(
        track.samples[at : at + block] for at in range(0, len(track.samples), block)
    )
    free = find_grid(onsets)
    seconds = perf_counter() - started
    return free, find_grid(onsets, *hint(track)) if track.has_rhythm else free, seconds


def row(track: Track, free: BeatGrid, hinted: BeatGrid, seconds: float) -> str:
    """A line of the table."""
    trust = f"{free.confidence:5.2f} {'trusted' if free.trusted else 'not trusted':<11}"
    if not track.has_rhythm:
        return f"{track.name:<30} {'':45} {trust} {seconds:5.2f}"
    one = score(track, hinted)
    bars = ("right" if one.bars_right else "WRONG") if track.bar_is_marked else "--"
    return (
        f"{track.name:<30} {octave(track, free):5.2f} {hinted.bpm:8.2f} of {track.bpm:<6g}"
        f" {one.f_measure:6.3f} {1000 * one.offset:5.1f} {hinted.beats_per_bar:3d} {bars:<6}"
        f" {trust} {seconds:5.2f}"
    )


def main() -> None:
    """Print the table, and what holds over all tracks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", default="")
    options = parser.parse_args()
    print(f"{'track':<30} {'auto':>5} {'bpm':>8} {'':<9} {'F':>6} {'ms':>5} bar {'phase':<6} trust")
    scores: list[Score] = []
    octaves = 0
    for recipe in tracks():
        if options.name not in recipe.name:
            continue
        track = recipe()
        free, hinted, seconds = listen(track)
        print(row(track, free, hinted, seconds))
        if track.has_rhythm:
            scores.append(score(track, hinted))
            octaves += 0.9 < octave(track, free) < 1.1
    if scores:
        met = sum(one.met for one in scores) / sum(one.true for one in scores)
        right = sum(one.right for one in scores) / sum(one.found for one in scores)
        print(f"{met:.2%} of the true beats met, {right:.2%} of the found ones right")
        print(f"octave right without a hint in {octaves} of {len(scores)}")


if __name__ == "__main__":
    main()

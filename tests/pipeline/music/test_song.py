"""A song is analysed once for each of its contents, and what is kept is what was found."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pipeline.errors import Error
from pipeline.files.ffmpeg import ffmpeg
from pipeline.music import song as song_module
from pipeline.music.envelopes import NAMES
from pipeline.music.song import Song
from pipeline.music.sound import Samples, blocks
from tests import child
from tests.media import write_wav
from tests.pipeline.music.drums import groove

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "song.wav", groove("909", 1, bars=2).samples)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "renders" / ".music"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose sound has been read, one entry each time."""
    noted: list[Path] = []

    def noting(file: Path, rate: int = 22050) -> Iterator[Samples]:
        noted.append(file)
        return blocks(file, rate)

    monkeypatch.setattr(song_module, "blocks", noting)
    return noted


def everything(song: Song) -> list[np.ndarray]:
    return [*(song.envelope(name) for name in NAMES), song.band(60, 120)]


def test_a_song_is_read_once_and_then_never(file: Path, cache: Path, read: list[Path]) -> None:
    found = everything(Song(file, cache))
    assert len(read) == 2, "once for all that has a name, once for the band"

    again = everything(Song(file, cache))

    assert len(read) == 2
    assert all(np.array_equal(*pair) for pair in zip(found, again, strict=True))


def test_nothing_is_read_before_it_is_asked(tmp_path: Path, cache: Path) -> None:
    song = Song(tmp_path / "gone.wav", cache)

    with pytest.raises(Error, match=r"the sound .*gone\.wav cannot be read: No such file"):
        song.envelope("low")
    assert not cache.exists()


def test_without_a_folder_nothing_is_kept(file: Path, read: list[Path]) -> None:
    kept = everything(Song(file, file.parent / "cache"))
    free = everything(Song(file, None))

    assert len(read) == 4
    assert all(np.array_equal(*pair) for pair in zip(kept, free, strict=True))


def test_the_length_is_kept_too(file: Path, cache: Path, read: list[Path]) -> None:
    exact = (len(file.read_bytes()) - 44) / 2 / 44100

    assert Song(file, cache).duration == pytest.approx(exact, abs=1e-4)
    assert Song(file, cache).duration == Song(file, cache).duration
    assert len(read) == 1


def test_the_content_counts_and_not_the_name(file: Path, cache: Path, read: list[Path]) -> None:
    Song(file, cache).envelope("low")
    moved = file.rename(file.with_name("灯塔 'x'.wav"))
    Song(moved, cache).envelope("low")
    assert len(read) == 1

    write_wav(moved, groove("808", 1, bars=2).samples)
    Song(moved, cache).envelope("low")
    assert len(read) == 2


@pytest.mark.parametrize("what", ["ANALYSIS", "numpy", "limits"])
def test_whatever_a_result_depends_on_makes_it_another(
    file: Path, cache: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    Song(file, cache).band(60, 120)
    if what == "ANALYSIS":
        monkeypatch.setattr(song_module, "ANALYSIS", song_module.ANALYSIS + 1)
    if what == "numpy":
        monkeypatch.setattr("pipeline.music.cache.version", lambda name: f"another {name}")
    Song(file, cache).band(60, 121 if what == "limits" else 120)

    assert len(read) == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "empty", "floats"])
def test_a_damaged_entry_is_found_anew(
    file: Path, cache: Path, read: list[Path], damage: str
) -> None:
    found = everything(Song(file, cache))
    for entry in cache.glob("*.npz"):
        if damage == "floats":
            with np.load(entry) as kept:
                floats = {name: kept[name] / 65535 for name in kept.files}
            np.savez(entry, allow_pickle=False, **floats)
            continue
        data = bytearray(entry.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 40] = bytes(255 - byte for byte in data[middle : middle + 40])
        other = {"cut": data[:middle], "flipped": data, "foreign": b"{}", "empty": b""}
        entry.write_bytes(other[damage] if damage != "cut" else bytes(entry.read_bytes()[:middle]))

    again = everything(Song(file, cache))

    assert len(read) == 4
    assert all(np.array_equal(*pair) for pair in zip(found, again, strict=True))
    everything(Song(file, cache))
    assert len(read) == 4, "and is whole again"


def test_a_folder_that_cannot_be_written_costs_time_only(
    file: Path, cache: Path, read: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    cache.parent.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        Song(file, cache).envelope("low")
        assert len(caplog.records) == 1
        assert "cannot be written" in caplog.text
        Song(file, cache).envelope("low")

    assert len(read) == 2


@pytest.mark.slow
def test_several_processes_at_a_time_keep_whole_entries(file: Path, cache: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from pipeline.music.song import Song\n"
        "song = Song(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(song.envelope('low').sum(), song.band(60, 120).sum())"
    )
    argv = [sys.executable, "-c", program, str(file), str(cache)]
    running = [child.start(argv, stdout=-1, encoding="utf-8") for _ in range(3)]
    said = {process.communicate()[0] for process in running}

    assert len(said) == 1 and said != {""}
    assert len(list(cache.glob("*.npz"))) == 2
    assert not [entry for entry in cache.iterdir() if ".part" in entry.name]


def test_kept_envelopes_need_no_slow_library(file: Path, cache: Path) -> None:
    everything(Song(file, cache))
    program = (
        "import sys; from pathlib import Path; from pipeline.music.song import Song\n"
        "song = Song(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "assert song.envelope('kick').any() and song.band(60, 120).any() and song.duration\n"
        "print([name for name in sys.modules if name in ('scipy', 'librosa', 'torch')])"
    )
    argv = [sys.executable, "-c", program, str(file), str(cache)]

    assert child.run(argv, capture_output=True, encoding="utf-8", check=True).stdout == "[]\n"


@pytest.mark.parametrize("limits", [(10, 100), (100, 100), (200, 100), (100, 105), (5000, 12000)])
def test_a_band_that_cannot_be(file: Path, limits: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="a band goes from 20 Hz or more up to 11000 Hz or less"):
        Song(file, None).band(*limits)


@dataclass(frozen=True)
class TempoCandidate:
    bpm: float
    confidence: float


@dataclass(frozen=True)
class BeatGrid:
    beats: tuple[float, ...]
    first: int
    beats_per_bar: int
    candidates: tuple[TempoCandidate, ...]
    trusted = True

    @property
    def downbeats(self) -> tuple[float, ...]:
        return self.beats[self.first :: self.beats_per_bar]


@dataclass(frozen=True)
class Section:
    name: str
    start: float


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The calls of stand-ins for what finds beats and sections."""
    calls: list[tuple[object, ...]] = []

    def find_grid(onsets: object, *hints: object) -> BeatGrid:
        calls.append(hints)
        return BeatGrid((0.5, 1.0, 1.5, 2.0), 1, 2, (TempoCandidate(120.0, 0.9),))

    def find_first_beat(onsets: object, *hints: object) -> float:
        calls.append(hints)
        return 0.375

    def propose_sections(texture: object, bars: object) -> tuple[Section, ...]:
        calls.append((bars,))
        return (Section("verse", 0.0), Section("break", 1.25))

    for name, parts in {
        "grid": {"BeatGrid": BeatGrid, "find_grid": find_grid},
        "tempo": {"TempoCandidate": TempoCandidate},
        "first_beat": {"find_first_beat": find_first_beat},
        "onsets": {"find_onsets": list},
        "sections": {"Section": Section, "propose_sections": propose_sections},
        "texture": {"texture_of": list},
    }.items():
        module = ModuleType(f"pipeline.music.{name}")
        module.__dict__.update(parts)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return calls


def test_beats_are_kept_by_their_hints(
    file: Path, cache: Path, found: list[tuple[object, ...]]
) -> None:
    grid = Song(file, cache).grid(80, 110, None)
    assert Song(file, cache).grid(80, 110, None) == grid
    assert grid == BeatGrid((0.5, 1.0, 1.5, 2.0), 1, 2, (TempoCandidate(120.0, 0.9),))
    assert found == [(80, 110, None)]

    song = Song(file, None)
    assert song.grid() == song.grid() and len(found) == 2, "found once for one Song without a cache"


def test_the_first_beat_is_kept_by_its_hints(
    file: Path, cache: Path, found: list[tuple[object, ...]]
) -> None:
    assert Song(file, cache).first_beat(120, 3) == Song(file, cache).first_beat(120, 3) == 0.375
    assert found == [(120, 3)]
    Song(file, cache).first_beat(120, 4)
    assert found == [(120, 3), (120, 4)]


def test_sections_begin_with_the_bars_that_are_given_or_found(
    file: Path, cache: Path, found: list[tuple[object, ...]]
) -> None:
    sections = Song(file, cache).sections()
    assert sections == Song(file, cache).sections()
    assert sections == (Section("verse", 0.0), Section("break", 1.25))
    assert found == [(None, None, None), ((1.0, 2.0),)]

    Song(file, cache).sections([0.0, 2.0])
    assert found[2:] == [((0.0, 2.0),)]
    assert {path.suffix for path in cache.iterdir()} == {".json", ""}
    assert all(json.loads(path.read_text()) for path in cache.glob("*.json"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="a process's own peak is told by Linux only")
def test_a_long_song_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    """Ten minutes here; an hour was measured at 156 MB."""
    long = tmp_path / "long.mp3"
    source = ("-f", "lavfi", "-i", "sine=f=220:r=16000:d=600", "-b:a", "16k")
    child.run([ffmpeg(), "-v", "error", *source, str(long)], check=True)
    program = (
        "import sys; from pathlib import Path; from pipeline.music.song import Song\n"
        "assert 599 < Song(Path(sys.argv[1]), None).duration < 601\n"
        "print(Path('/proc/self/status').read_text())"
    )
    argv = [sys.executable, "-c", program, str(long)]
    said = child.run(argv, capture_output=True, encoding="utf-8", check=True).stdout

    # What getrusage tells begins with the memory of the process that started this one.
    peak = int(next(line for line in said.splitlines() if line.startswith("VmHWM")).split()[1])
    assert peak < 300_000, "kilobytes"

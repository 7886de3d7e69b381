"""The section `music`: its settings, the clock that they make, and what each refuses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from keyframes.tempo import Tempo
from keyframes.word_weights import plain_text, weighted_words
from pipeline.errors import Error
from pipeline.scene.load import read_scene
from pipeline.scene.schema import Scene
from tests.media import write_silence
from tests.pipeline.scene_files import BASE, VIDEO, complaints, load, write


@dataclass(frozen=True)
class Grid:
    """The beats of a song, as listening finds them."""

    beats: tuple[float, ...] = (0.25, 0.75, 1.25, 1.75, 2.25)
    first: int = 1
    beats_per_bar: int = 3
    confidence: float = 0.9
    trusted: bool = True


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[[Grid | Error], list[object]]:
    """Puts a song in the place of every sound, and gives what it is asked."""
    asked: list[object] = []

    def hear(grid: Grid | Error) -> list[object]:
        class Song:
            duration = 10.25

            def __init__(self, file: Path, cache: Path) -> None:
                asked.append((file.name, cache))

            def grid(self, *settings: float | None) -> Grid:
                asked.append(settings)
                if isinstance(grid, Error):
                    raise grid
                return grid

            def first_beat(self, *settings: float | None) -> float:
                asked.append(settings)
                return 0.7656252

        module = ModuleType("pipeline.music.song")
        module.Song = Song  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pipeline.music.song", module)
        return asked

    return hear


NOTE = b"\0\x90\x3c\x40\x30\x80\x3c\x40\0\xff\x2f\0"
MIDI = b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x0c" + NOTE
"""A file of one track with one note, 96 ticks a beat."""


def music(folder: Path, settings: str, more: str = "") -> Scene:
    return load(folder, f"{BASE}music: {settings}\n{more}")


def warnings(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    return [one.told(path).removeprefix(f"{path}:") for one in read_scene(path).warnings]


@pytest.mark.parametrize(
    ("settings", "tempo"),
    [
        ("{bpm: 120}", Tempo(120)),
        ("{bpm: 120, first_beat: 500ms}", Tempo(120, 0.5)),
        ('{bpm: 120, first_beat: "0.5s", beats_per_bar: 3}', Tempo(120, 0.5, 3)),
        ("{bpm: 120, first_beat: 1:02.5}", Tempo(120, 62.5)),
        ("{bpm: 120, first_beat: 0.5, start: 2s}", Tempo(120, -1.5)),
        ("{tempo: {bar 1: 120, bar 33: 132}}", Tempo(120, 0.0, 4, ((128, 132),))),
        (
            "{tempo: {bar 1: 120, bar 2 beat 7.5: 90}, beats_per_bar: 7}",
            Tempo(120, 0.0, 7, ((Fraction("13.5"), 90),)),
        ),
        (
            "{tempo: {bar 3 beat 2: 90, bar 2: 100}, first_beat: 1, beats_per_bar: 3}",
            Tempo(100, 1.0, 3, ((7, 90),)),
        ),
    ],
)
def test_the_tempo_of_a_scene(tmp_path: Path, settings: str, tempo: Tempo) -> None:
    assert music(tmp_path, settings).timebase.tempo == tempo


def test_beats_of_a_file_that_begins_before_the_video(tmp_path: Path) -> None:
    (tmp_path / "beats.txt").write_text("0.5\n1.0\n1.5\n2.25\n3.0\n")
    timebase = music(tmp_path, "{beats: beats.txt, start: 1s, first_beat: 1.45}").timebase
    assert timebase.frame("bar 1") == 12.0
    assert timebase.frame("beat 2") == 30.0
    assert timebase.tempo == Tempo.of_beats([-0.5, 0, 0.5, 1.25, 2.0], 2)


@pytest.mark.parametrize(
    ("beats", "told", "tempo"),
    [
        ("click.mid", "8s", Tempo(120, 8)),
        ("click.mid", "7.9s", Tempo(120, 8)),
        ("late.txt", "0.1s", Tempo(120, 0, 4, ((9, 100),))),
        ("late.txt", "1:00.2", Tempo(120, Fraction("60.3"), 4, ((-93, 100),))),
    ],
)
def test_bar_1_may_begin_before_and_behind_the_beats_of_a_file(
    tmp_path: Path, beats: str, told: str, tempo: Tempo
) -> None:
    """A steady file lists two of them, which set the pace beyond both ends."""
    (tmp_path / "click.mid").write_bytes(MIDI)
    (tmp_path / "late.txt").write_text("4.0\n4.5\n5.1\n5.7\n")
    settings = f"{{beats: {beats}, first_beat: {told}}}"
    assert music(tmp_path, settings).timebase.tempo == tempo


@pytest.mark.parametrize(
    ("settings", "asked", "tempo"),
    [
        ("bpm: auto", (None, None, None), Tempo.of_beats(Grid().beats, 1, 3)),
        (
            "bpm: {auto: 80 to 110.5}, beats_per_bar: 4",
            (80.0, 110.5, 4),
            Tempo.of_beats(Grid().beats, 1, 4),
        ),
        (
            "bpm: auto, first_beat: 1.2",
            (None, None, None),
            Tempo.of_beats(Grid().beats, 2, 3),
        ),
        ("bpm: 100, first_beat: auto", (98.0, 102.0, None), Tempo(100, 0.765625, 3)),
    ],
)
def test_a_tempo_that_is_heard(
    tmp_path: Path,
    heard: Callable[[Grid | Error], list[object]],
    settings: str,
    asked: tuple[float | None, ...],
    tempo: Tempo,
) -> None:
    asks = heard(Grid())
    write_silence(tmp_path / "song.ogg", 3)
    assert music(tmp_path, f"{{file: song.ogg, {settings}}}").timebase.tempo == tempo
    # Behind that the formulas are given the song, which none asks for.
    assert asks[:2] == [("song.ogg", Path("renders", ".music")), asked]
    assert ((100.0, 3) in asks) == (tempo.bpm == 100)


def test_beats_that_are_a_guess_are_told(
    tmp_path: Path, heard: Callable[[Grid | Error], list[object]]
) -> None:
    heard(Grid(trusted=False, confidence=0.213))
    write_silence(tmp_path / "song.ogg", 3)
    for settings, place in (
        ("bpm: auto", "3:30: music.bpm"),
        ("bpm: 120, first_beat: auto", "3:47: music.first_beat"),
    ):
        assert warnings(tmp_path, f"{BASE}music: {{file: song.ogg, {settings}}}\n") == [
            f"{place}: no rhythm can be trusted in song.ogg (confidence 0.21); write bpm and "
            "first_beat, or a file under beats"
        ]


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        (
            Grid(beats=(0.5,), first=0),
            "3:30: music.bpm: no rhythm is heard in song.ogg; write bpm and first_beat, or a file "
            "under beats",
        ),
        (Error("the sound ends in the middle"), "3:15: music.file: the sound ends in the middle"),
    ],
)
def test_a_song_in_which_nothing_is_heard(
    tmp_path: Path,
    heard: Callable[[Grid | Error], list[object]],
    grid: Grid | Error,
    message: str,
) -> None:
    heard(grid)
    write_silence(tmp_path / "song.ogg", 3)
    text = f"{BASE}music: {{file: song.ogg, bpm: auto}}\ncamera: {{zoom: {{bar 2: 2}}}}\n"
    assert complaints(tmp_path, text) == [message]


@pytest.mark.parametrize(("start", "frames"), [("0", 246), ("2s", 198), ("1:02", None)])
def test_a_video_as_long_as_its_song(
    tmp_path: Path,
    heard: Callable[[Grid | Error], list[object]],
    start: str,
    frames: int | None,
) -> None:
    heard(Grid())
    write_silence(tmp_path / "song.ogg", 3)
    text = (
        "video: {size: [96, 96], duration: song}\nprompts: {0: a castle, end - 1s: the sea}\n"
        f"music: {{file: song.ogg, start: {start}}}\n"
    )
    if frames is None:
        assert complaints(tmp_path, text) == [
            '1:35: video.duration: "song" is -1242 frames; a video has from 1 to 1000000 frames'
        ]
        return
    scene = load(tmp_path, text)
    assert scene.frame_count == frames
    assert scene.prompts.keys[1][0] == frames - 24
    assert warnings(tmp_path, text) == []


def test_the_length_of_a_song_needs_a_song(tmp_path: Path) -> None:
    text = "video: {size: [96, 96], duration: song}\nprompts: a castle\n"
    assert complaints(tmp_path, text) == [
        "1:35: video.duration: song is the length of the music; name it under music.file, or "
        "write a duration"
    ]


@pytest.mark.parametrize(
    ("settings", "left"),
    [("", "0:01.75"), (", start: 250ms", "0:01.50"), (", start: 9", "0:00")],
)
def test_a_song_shorter_than_the_video(tmp_path: Path, settings: str, left: str) -> None:
    write_silence(tmp_path / "song.wav", 1.75)
    assert warnings(tmp_path, f"{BASE}music: {{file: song.wav{settings}}}\n") == [
        f"3:15: music.file: the song plays for {left} of the video's 0:02, and the rest is silent; "
        "write duration: song, or a shorter one"
    ]


def test_a_song_as_long_as_the_video_is_no_surprise(tmp_path: Path) -> None:
    write_silence(tmp_path / "song.wav", 1.95)
    assert warnings(tmp_path, f"{BASE}music: {{file: song.wav}}\n") == []


NAMED = """\
video: {size: [96, 96], duration: 20s}
music:
  bpm: 120
  start: 1s
  sections: {verse: bar 2, Chorus: verse + 2 bars, outro: "mark drop + 1 beat"}
  marks: {drop: 8.5s}
  lyrics: song.lrc
prompts: {0: a castle, chorus: the sea, line 2: "rain, {lyric}", end - 1s: fog}
camera: {zoom: {verse: 1, 50%: {value: 2, ease: hold}, drop: {value: 1, ease: hold}}}
sampler: {skip_steps: {then: {start: 50%, outro: 20%, shot 15s: 40%}}}
guidance: {tv_scale: {verse: 1, chorus - 1 beat: 2}}
"""


def test_named_times_wherever_a_time_is_taken(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text("[00:02]one\n[00:10]two\n[00:11]\n")
    scene = load(tmp_path, NAMED)
    assert scene.timebase.names == {
        "line 1": 1,
        "line 2": 9,
        "mark drop": Fraction(15, 2),
        "verse": 1,
        "chorus": 5,
        "outro": 8,
    }
    assert [(frame, prompts[0].text) for frame, prompts in scene.prompts.keys] == [
        (0, "a castle"),
        (120, "the sea"),
        (216, "rain, two"),
        (240, "rain"),
        (456, "fog"),
    ]
    zoom = scene.camera.zoom
    assert [zoom(frame) for frame in (0, 179, 180, 239, 240)] == [1, 1, 1, 1, 2]
    then = scene.sampler.skip_steps.then.over(25, np.array([0.0, 192, 360]))
    assert then == [12, 5, 10]  # of 25 steps, at the start, the outro and "shot 15s"
    assert scene.guidance.tv_scale(24) == 1.0  # type: ignore[operator]
    assert scene.guidance.tv_scale(108) == 2.0  # type: ignore[operator]


MISTAKES: Mapping[str, tuple[str, str]] = {
    "two tempos": (
        "{bpm: 120, tempo: {bar 1: 120}}",
        "3:26: music.tempo: bpm already settles this; remove bpm or tempo",
    ),
    "beats and bpm": (
        "{bpm: 120, beats: beats.txt}",
        "3:26: music.beats: bpm already settles this; remove bpm or beats",
    ),
    "beats and tempo": (
        "{tempo: {bar 1: 120}, beats: beats.txt}",
        "3:37: music.beats: tempo already settles this; remove tempo or beats",
    ),
    "no range": (
        "{bpm: {auto: 110 to 80}}",
        '3:14: music.bpm: found "110 to 80"; a range rises, and allowed are numbers from 20 to 400',
    ),
    "no hint": (
        "{bpm: {auto: slow}}",
        "3:14: music.bpm: expected a range of beats a minute, such as {auto: 80 to 110}; "
        'found "slow"',
    ),
    "a first beat in bars": (
        "{bpm: 120, first_beat: bar 2}",
        '3:31: music.first_beat: expected seconds, such as 0.5, "0.5s", "500ms" or "1:02.5", from '
        '0 to 3600; found "bar 2"',
    ),
    "a first beat to be heard of a map": (
        "{tempo: {bar 1: 120}, first_beat: auto}",
        "3:42: music.first_beat: auto goes with bpm; write the seconds at which bar 1 begins",
    ),
    "a start before the song": (
        "{start: -2s}",
        '3:16: music.start: found "-2s"; allowed: from 0 to 360000 seconds',
    ),
    "a map of seconds": (
        "{tempo: {4s: 120}}",
        "3:17: music.tempo.4s: the tempo changes at a bar or beat, such as bar 33 or bar 9 beat 3, "
        'counted from 1; found "4s"',
    ),
    "a map with one beat twice": (
        "{tempo: {bar 2: 120, beat 5: 130}}",
        "3:16: music.tempo: two tempos begin at beat 5; keep one of them",
    ),
    "no map": (
        "{tempo: 120}",
        "3:16: music.tempo: expected bars and their tempo, such as {bar 1: 120, bar 33: 132}, found"
        " 120",
    ),
    "beats out of order": (
        "{beats: beats.txt}",
        '3:16: music.beats: "FOLDER/beats.txt" line 3: 1s is not behind the beat before it, 1.5s; '
        "put the beats in order, each once",
    ),
    "sections that go by beats that are mistaken": (
        "{beats: beats.txt, sections: {verse: bar 9}}",
        '3:16: music.beats: "FOLDER/beats.txt" line 3: 1s is not behind the beat before it, 1.5s; '
        "put the beats in order, each once",
    ),
    "a file that is not there": (
        "{beats: no.txt}",
        '3:16: music.beats: "FOLDER/no.txt" does not exist; names are relative to the scene file',
    ),
    "a first beat beside all beats": (
        "{beats: slow.txt, first_beat: 4.6}",
        "3:38: music.first_beat: there is no beat at 4.6s; those about it are at 4.2s and 5.2s; "
        "write the seconds of a beat",
    ),
    "a first beat before all beats": (
        "{beats: slow.txt, first_beat: 700ms}",
        "3:38: music.first_beat: there is no beat at 0.7s; those about it are at 0.2s and 1.2s; "
        "write the seconds of a beat",
    ),
    "a tempo on a beat that a bar has not": (
        "{tempo: {bar 1: 120, bar 9 beat 7: 132}}",
        '3:16: music.tempo: a bar has 4 beats; found "bar 9 beat 7"; count on in the next bar, or '
        "write beats_per_bar",
    ),
    "a section that is a time": (
        "{sections: {bar 9: bar 9}}",
        '3:20: music.sections.bar 9: "bar 9" is a time or a word of its own; choose another name',
    ),
    "a section twice": (
        "{bpm: 120, sections: {verse: bar 9, Verse: bar 17}}",
        "3:44: music.sections.Verse: this name stands here already; keep one of them",
    ),
    "a section at no time": (
        "{bpm: 120, sections: {verse: bar 9, chorus: vers}}",
        '3:52: music.sections.chorus: "vers" is no time (did you mean "verse"?); the named times '
        "are verse",
    ),
    "a section at the end": (
        "{bpm: 120, sections: {outro: end - 2 bars}}",
        '3:37: music.sections.outro: "end - 2 bars" needs the length of the video, which is not '
        "known here",
    ),
    "sections in a list": (
        "{sections: [verse]}",
        "3:19: music.sections: expected names and times, such as {verse: bar 9}, found a list",
    ),
    "a mark in bars without a tempo": (
        "{marks: {drop: bar 9}}",
        '3:23: music.marks.drop: "bar 9" needs a tempo; set `music.bpm`',
    ),
    "lyrics without lines": (
        "{lyrics: empty.lrc}",
        '3:17: music.lyrics: "FOLDER/empty.lrc": there is no line of a song in it',
    ),
    "no MIDI": (
        "{midi: good.txt}",
        '3:15: music.midi: "FOLDER/good.txt" is no MIDI file; export it as .mid',
    ),
    "a stem of another name": (
        "{stems: {my drums: good.txt}}",
        "3:17: music.stems.my drums: a stem is named by letters, digits and _, and not midi, as in "
        '{drums: drums.flac}; found "my drums"',
    ),
    "a stem that is no sound": (
        "{stems: {drums: good.txt}}",
        '3:24: music.stems.drums: "FOLDER/good.txt" is not a sound that can be read (a text); '
        "allowed are WAV, FLAC, MP3, M4A or Ogg files and the like",
    ),
    "a fade before the start": (
        "{fade_in: -1}",
        "3:18: music.fade_in: found -1; allowed: 0 or more seconds",
    ),
}


@pytest.mark.parametrize(("settings", "problem"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistaken_setting(tmp_path: Path, settings: str, problem: str) -> None:
    (tmp_path / "beats.txt").write_text("1.0\n1.5\n1.0\n")
    (tmp_path / "good.txt").write_text("1.0\n1.5\n")
    (tmp_path / "slow.txt").write_text("1.2\n2.2\n")
    (tmp_path / "empty.lrc").write_text("[ar:Nobody]\n")
    told = complaints(tmp_path, f"{BASE}music: {settings}\n")
    assert problem.replace("FOLDER", str(tmp_path)) in told
    assert len(told) == (2 if "my drums" in settings else 1)


def test_a_midi_file_in_riff_is_told_by_check_too(tmp_path: Path) -> None:
    """What reads the notes reads no such file, so that a render would stop at it."""
    (tmp_path / "song.rmi").write_bytes(b"RIFF" + bytes(4) + b"RMIDdata" + MIDI)
    (told,) = complaints(tmp_path, f"{BASE}music: {{midi: song.rmi}}\n")
    assert told.endswith(f'music.midi: "{tmp_path}/song.rmi" is no MIDI file; export it as .mid')


@pytest.mark.parametrize("written", ["notes.mid", "[notes.mid]"])
def test_a_midi_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    (tmp_path / "notes.mid").write_bytes(MIDI)
    opened = Path.open

    def refused(path: Path, *how: str, **more: str) -> object:
        if path.suffix == ".mid":
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    (told,) = complaints(tmp_path, f"{BASE}music: {{midi: {written}}}\n")
    assert told.endswith(f'"{tmp_path}/notes.mid" cannot be read: Permission denied')


def test_names_of_a_mistaken_song_are_known_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "s.lrc").write_text("[00:01]la\n")
    text = (
        f'{VIDEO}prompts: {{0: "a castle, {{lyric}}", chorus: the sea, mark drop: fog}}\n'
        "music: {bpm: fast, sections: {chorus: bar 9}, marks: {drop: 4s}, lyrics: s.lrc}\n"
    )
    assert complaints(tmp_path, text) == [
        '3:14: music.bpm: expected a number of beats a minute, from 20 to 400; found "fast"'
    ]


def test_stems_midi_and_fades_are_kept(tmp_path: Path) -> None:
    write_silence(tmp_path / "drums.wav", 0.5)
    (tmp_path / "notes.mid").write_bytes(MIDI)
    read = music(
        tmp_path, "{stems: {drums: drums.wav}, midi: [notes.mid], fade_in: 0.5, fade_out: 2s}"
    ).music
    assert read.stems == {"drums": tmp_path / "drums.wav"}
    assert read.midi == (tmp_path / "notes.mid",)
    assert (read.fade_in, read.fade_out) == (0.5, 2.0)


LYRICS = "[00:00.5]the sea is wide\n[00:01]\n[00:09]too late\n"


@pytest.mark.parametrize(
    "prompts",
    [
        '"a castle, {lyric}"',
        '{text: "a castle, {lyric}", weight: 2}',
        '["a castle, {lyric}"]',
        '{0: "a castle, {lyric}", 47: "a ship, {lyric}"}',
    ],
)
def test_the_line_that_is_sung_in_a_prompt(tmp_path: Path, prompts: str) -> None:
    (tmp_path / "song.lrc").write_text(LYRICS)
    text = f"{VIDEO}prompts: {prompts}\nmusic: {{lyrics: song.lrc}}\n"
    shown = [prompts[0].text for prompts in load(tmp_path, text).prompts.over(47)]
    assert shown == ["a castle"] * 12 + ["a castle, the sea is wide"] * 12 + ["a castle"] * 23
    assert warnings(tmp_path, text) == []


@pytest.mark.parametrize(("start", "second"), [("0s", 1.1), ("0.3s", 0.8), ("700ms", 0.4)])
@pytest.mark.parametrize("fps", [24, 29.97])
def test_a_fade_that_begins_with_a_line_is_of_that_line(
    tmp_path: Path, start: str, second: float, fps: float
) -> None:
    """The key and the change of lines are one place, whatever rounding makes of them."""
    (tmp_path / "song.lrc").write_text("[00:00.20]one\n[00:01.10]two\n[00:01.90]three\n")
    scene = load(
        tmp_path,
        f"video: {{size: [96, 96], duration: 48, fps: {fps}}}\n"
        'prompts: {0s: a castle, line 2: "rain, {lyric}", blend: 600ms}\n'
        f"music: {{lyrics: song.lrc, start: {start}}}\n",
    )
    keys = [(frame, prompts[0].text) for frame, prompts in scene.prompts.keys]
    assert [text for _, text in keys] == ["a castle", "rain, two", "rain, three"]
    assert keys[1][0] == pytest.approx(second * fps, rel=1e-5)
    assert scene.prompts.blends[1] == pytest.approx(0.6 * fps, rel=1e-5)


PAINTED = VIDEO.replace("[96, 96]", "[64, 64]") + "models: {denoiser: sd15}\n"


def test_what_is_sung_is_words_to_a_denoiser_that_weighs_them(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text("[00:00.5](Both:) we sail (away:2)\n[00:01]\n")
    text = f'{PAINTED}prompts: "a (red:1.3) sea, ({{lyric}}:1.2)"\nmusic: {{lyrics: song.lrc}}\n'
    shown = [prompts[0].text for prompts in load(tmp_path, text).prompts.over(48)]
    assert list(map(plain_text, shown)) == (
        ["a red sea"] * 12 + ["a red sea, (Both:) we sail (away:2)"] * 12 + ["a red sea"] * 24
    )
    assert [words.weight for words in weighted_words(shown[12])] == [1, 1.3, 1, 1.2]


def test_a_weight_that_makes_no_sense_with_a_line_is_told(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text(LYRICS)
    (told,) = complaints(
        tmp_path,
        f'{PAINTED}prompts: {{0: "a ship, ({{lyric}}:)"}}\nmusic: {{lyrics: song.lrc}}\n',
    )
    assert told.startswith(
        '3:10: prompts: with the line that is sung, the weight in "(the sea is wide:)" makes no'
    )


def test_a_prompt_that_is_too_long_of_words_that_are_weighed(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text(f"[00:00.5](Both:) {'la ' * 70}\n")
    told = complaints(
        tmp_path, f'{PAINTED}prompts: "a castle, {{lyric}}"\nmusic: {{lyrics: song.lrc}}\n'
    )
    assert len(told) == 1
    assert told[0].startswith("3:10: prompts: with a line of the song a prompt is longer than")


def test_a_prompt_that_is_too_long_with_a_line_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text(LYRICS + f"[00:01.5]{'la ' * 70}\n[00:01.8]{'lo ' * 70}\n")
    (told,) = complaints(
        tmp_path, f'{VIDEO}prompts: "a castle, {{lyric}}"\nmusic: {{lyrics: song.lrc}}\n'
    )
    assert told.startswith(
        "2:10: prompts: with a line of the song a prompt is longer than the encoder starter reads"
    )


def test_a_prompt_with_a_line_and_no_lyrics(tmp_path: Path) -> None:
    assert complaints(tmp_path, f'{VIDEO}prompts: {{0: fog, 5: ["a {{lyric}}"]}}\n') == [
        "2:23: prompts.5.0: {lyric} is the line that is sung, and there are no lyrics; write "
        "music: {lyrics: song.lrc}"
    ]


def test_lines_that_leave_nothing_of_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text(LYRICS)
    assert complaints(tmp_path, f'{VIDEO}prompts: "{{lyric}}"\nmusic: {{lyrics: song.lrc}}\n') == [
        "2:10: prompts: nothing is left of the prompts at frame 0, where no line is sung; write "
        "words beside {lyric} that are always there"
    ]


@pytest.mark.parametrize("section", ["marks", "sections"])
def test_a_fraction_of_a_frame_means_seconds(tmp_path: Path, section: str) -> None:
    assert complaints(tmp_path, f"{BASE}music: {{{section}: {{drop: 72.5}}}}\n") == [
        f"3:{len(section) + 18}: music.{section}.drop: found 72.5, and a number alone counts whole "
        "frames; write 72.5s for seconds, which is 1740 frames, or a whole number for frames"
    ]


def test_a_range_of_tempos_that_cannot_be_read_is_shown(tmp_path: Path) -> None:
    form = "3:14: music.bpm: expected a range of beats a minute, such as {auto: 80 to 110}; found "
    for written, found in (("{auto: 80}", "80"), ("{otto: 80 to 90}", '"otto"'), ("{}", "nothing")):
        assert complaints(tmp_path, f"{BASE}music: {{bpm: {written}}}\n") == [form + found]


def test_a_stem_that_ends_before_its_song_is_told(tmp_path: Path) -> None:
    for name, seconds in (("song.wav", 6.0), ("short.wav", 3.0), ("whole.wav", 5.5)):
        write_silence(tmp_path / name, seconds)
    stems = "stems: {a: short.wav, b: whole.wav}"
    assert warnings(tmp_path, f"{BASE}music: {{file: song.wav, {stems}}}\n") == []
    long = BASE.replace("duration: 48", "duration: 6s")
    assert warnings(tmp_path, f"{long}music: {{file: song.wav, {stems}}}\n") == [
        "3:36: music.stems.a: this stem lasts 0:03 of the song's 0:06, and begins with the "
        "song; export it as long as that"
    ]


@pytest.mark.parametrize(
    ("fades", "told"), [("fade_in: 1, fade_out: 1", 0), ("fade_in: 1.5, fade_out: 1", 1)]
)
def test_fades_that_leave_nothing_of_the_song_are_told(
    tmp_path: Path, fades: str, told: int
) -> None:
    write_silence(tmp_path / "song.wav", 6.0)
    said = warnings(tmp_path, f"{BASE}music: {{file: song.wav, {fades}}}\n")
    assert len(said) == told
    assert all("music.fade_out: fade_in and fade_out take 0:02.50 of" in one for one in said)


def test_fades_that_meet_in_one_moment_leave_it(tmp_path: Path) -> None:
    """As floats, 1.1 and 2.2 are more than the 3.3 seconds of the video."""
    write_silence(tmp_path / "song.wav", 6.0)
    video = BASE.replace("duration: 48", "fps: 10, duration: 33")
    assert (
        warnings(tmp_path, f"{video}music: {{file: song.wav, fade_in: 1.1, fade_out: 2.2}}") == []
    )


@pytest.mark.parametrize("words", ["chorus", "song - 2 bars", "end"])
def test_a_duration_that_is_none_is_told_of_the_song(tmp_path: Path, words: str) -> None:
    text = BASE.replace("duration: 48", f"duration: {words}")
    (told,) = complaints(tmp_path, f"{text}music: {{bpm: 120}}\n")
    assert told.startswith("1:35: video.duration: a duration is a number of frames such as 96,")
    assert told.endswith("; song alone is the length of the music")

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from pipeline.music.lyrics import Line, read_lyrics
from tests.pipeline.music.marks.said import said


def lyrics(folder: Path, name: str, text: str, encoding: str = "utf-8") -> tuple[Line, ...]:
    (folder / name).write_text(text, encoding=encoding)
    return read_lyrics(folder / name)


LRC = """\
[ti:A song]
[00:12.00]The sea  is wide
[00:17.20][01:02.5]and <00:17.90>I cannot <00:18.50> cross
[00:20:50]
[01:05]gone
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_lrc(tmp_path: Path, encoding: str) -> None:
    assert lyrics(tmp_path, "song.lrc", LRC, encoding) == (
        Line(12.0, 17.2, "The sea is wide"),
        Line(17.2, 20.5, "and I cannot cross"),
        Line(62.5, 65.0, "and I cannot cross"),
        Line(65.0, inf, "gone"),
    )


def test_an_offset_lets_lines_begin_earlier(tmp_path: Path) -> None:
    lines = lyrics(tmp_path, "song.lrc", "[00:01]a\n[offset: +500]\n[00:02]b\n[00:00.2]c\n")
    assert lines == (Line(0, 0.5, "c"), Line(0.5, 1.5, "a"), Line(1.5, inf, "b"))


def test_lines_that_begin_together_are_one(tmp_path: Path) -> None:
    assert lyrics(tmp_path, "song.lrc", "[00:01]la mer\n[00:01]the sea\n") == (
        Line(1.0, inf, "la mer the sea"),
    )


SRT = """\
1
00:00:01,000 --> 00:00:03,500
<i>The sea</i>
is wide

2
00:00:03,000 --> 00:00:04,000
and high
"""


def test_srt(tmp_path: Path) -> None:
    assert lyrics(tmp_path, "song.srt", SRT) == (
        Line(1.0, 3.0, "The sea is wide"),
        Line(3.0, 4.0, "and high"),
    )


ASS = """\
[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not sung
Dialogue: 0,0:00:02.50,0:00:04.00,Default,,0,0,0,,{\\k20}The {\\k30}sea\\Nis wide
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,first
"""


def test_ass(tmp_path: Path) -> None:
    assert lyrics(tmp_path, "song.ass", ASS) == (
        Line(1.0, 2.0, "first"),
        Line(2.5, 4.0, "The sea is wide"),
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "song.lrc",
            "[00:01]a\nb\n",
            "line 2: expected a time and what is sung, such as [01:12.50]a castle in the sea, "
            'found "b"',
        ),
        ("song.lrc", "[offset:soon]\n", 'line 1: an offset is in milliseconds; found "soon"'),
        ("song.lrc", "[ar:Nobody]\n", "there is no line of a song in it"),
        ("song.srt", "no times\n", "there is no line of a song in it"),
        (
            "song.lrc",
            "\n".join(f"[{n // 60}:{n % 60}]la" for n in range(10_001)),
            "found 10001 lines; a song has up to 10,000",
        ),
    ],
)
def test_no_lyrics(tmp_path: Path, name: str, text: str, message: str) -> None:
    assert said(lambda: lyrics(tmp_path, name, text)) == message


@pytest.mark.parametrize("times", ["00:00:bad --> x", "00:05.000 --> 00:06.000", "1 --> 2"])
def test_times_of_subtitles_that_cannot_be_read_are_no_words(tmp_path: Path, times: str) -> None:
    written = f"1\n00:00:01,000 --> 00:00:03,000\nhi\n\n2\n{times}\nyo\n"
    (tmp_path / "song.srt").write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match="line 6: expected times such as 00:01:02,500 --> "):
        read_lyrics(tmp_path / "song.srt")

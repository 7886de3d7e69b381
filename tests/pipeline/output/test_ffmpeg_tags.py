"""What a video says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import FFmpegError
from pipeline.files.ffmpeg import ffmpeg
from pipeline.output.tags import read_metadata
from tests import child
from tests.pipeline.videos import DIGEST, make, write_frames


@pytest.mark.parametrize("title", ["pulse", "a=b; c#d \\ e", "two\nlines", "Überfahrt", "[x]"])
def test_title_and_digest_are_read_back(tmp_path: Path, title: str) -> None:
    out = make(write_frames(tmp_path / "frames", 1), tmp_path / "a.mp4", title=title)
    tags = read_metadata(out)
    assert tags["title"] == title
    assert tags["comment"] == f"discoreel {DIGEST}"


def test_tags_and_chapters_of_the_song_are_not_the_videos(tmp_path: Path) -> None:
    tags, song, program = tmp_path / "tags.txt", tmp_path / "song.m4a", ffmpeg()
    tags.write_text(";FFMETADATA1\nartist=Somebody\n[CHAPTER]\nSTART=0\nEND=500000000\ntitle=one")
    argv = [program, "-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-i", str(tags)]
    child.run([*argv, "-map_metadata", "1", str(song)], check=True)
    frames = write_frames(tmp_path / "frames", 12)
    out = make(frames, tmp_path / "a.mp4", soundtrack=str(song))

    def told(path: Path) -> str:
        argv = [program, "-v", "error", "-i", str(path), "-f", "ffmetadata", "-"]
        return child.run(argv, capture_output=True, text=True, check=True).stdout

    assert "artist=Somebody" in told(song) and "[CHAPTER]" in told(song)
    assert "Somebody" not in told(out) and "[CHAPTER]" not in told(out)


def test_the_tags_of_what_is_no_video_are_refused_with_the_words_of_ffmpeg(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("text")
    with pytest.raises(FFmpegError, match=r"Invalid data found when processing input"):
        read_metadata(tmp_path / "a.mp4")

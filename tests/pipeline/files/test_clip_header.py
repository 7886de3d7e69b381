"""Clips of all kinds are understood before they are decoded, and what is none is named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.files.clip_header import ClipError, read_clip
from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.png import encode_png
from tests import child
from tests.media import drifting, write_clip, write_silence


def make(path: Path, *arguments: str) -> Path:
    """What ffmpeg makes of `arguments`."""
    child.run([ffmpeg(), "-v", "error", *arguments, str(path)], check=True)
    return path


def pictures(rate: str = "25", size: str = "64x36", seconds: float = 1) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc=s={size}:r={rate}:d={seconds}")


TONE = ("-f", "lavfi", "-i", "sine=d=1")
H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p")


@pytest.mark.parametrize(
    ("name", "rate", "form"),
    [
        ("a.mp4", "25", H264),
        ("a.mov", "30000/1001", H264),
        ("a.mkv", "24000/1001", H264),
        ("a.webm", "24", ("-c:v", "libvpx-vp9")),
        ("a.avi", "25", ("-c:v", "mpeg4", "-bf", "2")),
        (
            "a.mpg",
            "25",
            (
                "-c:v",
                "mpeg2video",
            ),
        ),
        ("a.ts", "50", H264),
    ],
)
def test_the_usual_containers_say_when_frames_come(
    tmp_path: Path, name: str, rate: str, form: tuple[str, ...]
) -> None:
    clip = read_clip(make(tmp_path / name, *pictures(rate), *TONE, *form))
    exact = Fraction(rate)
    assert (clip.size, clip.rate) == ((64, 36), exact)
    assert len(clip) == round(exact)
    assert [clip.frame_at(clip.second(frame)) for frame in range(len(clip))] == [*range(len(clip))]
    assert clip.spacing == clip.lasts == 1 / exact


def test_sizes_are_those_that_are_seen(tmp_path: Path) -> None:
    plain = make(tmp_path / "plain.mp4", *pictures(), *H264)
    turned = make(
        tmp_path / "turned.mp4", "-display_rotation:v:0", "90", "-i", str(plain), "-c", "copy"
    )
    wide = make(tmp_path / "wide.mp4", *pictures(), "-vf", "setsar=2", *H264)
    odd = make(tmp_path / "odd.mkv", *pictures(size="63x35"), "-c:v", "ffv1")
    assert read_clip(turned).size == read_clip(turned).stored == (36, 64)
    assert (read_clip(wide).size, read_clip(wide).stored) == ((128, 36), (64, 36))
    assert read_clip(odd).size == (63, 35)


def test_frames_that_come_unevenly_have_times_and_no_rate(tmp_path: Path) -> None:
    dropped = ("-vf", "select=not(eq(mod(n\\,7)\\,3))", "-fps_mode", "vfr")
    clip = read_clip(make(tmp_path / "a.mp4", *pictures("30", seconds=2), *dropped, *H264))
    assert clip.rate is None
    assert len(clip) == 60 - 9
    kept = [frame for frame in range(60) if frame % 7 != 3]
    assert [clip.second(place) for place in range(len(clip))] == [Fraction(one, 30) for one in kept]
    # The frame that is gone is shown as the one before it.
    assert [clip.frame_at(Fraction(one, 30)) for one in range(6)] == [0, 1, 2, 2, 3, 4]


def test_a_part_that_was_copied_out_of_a_video_begins_at_its_first_frame(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.mp4", *pictures(), *TONE, *H264, "-g", "5")
    part = make(tmp_path / "part.mp4", "-ss", "0.52", "-i", str(whole), "-c", "copy")
    clip = read_clip(part)
    assert clip.rate == 25
    assert abs(clip.second(0)) < Fraction(1, 25)
    assert 12 <= len(clip) <= 15


def test_high_definition_without_a_word_on_colours_means_its_own_matrix(tmp_path: Path) -> None:
    large = make(tmp_path / "large.mp4", *pictures(size="1280x720", seconds=0.1), *H264)
    named = ("-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084")
    hdr = make(tmp_path / "hdr.mp4", *pictures(size="1280x720", seconds=0.1), *H264, *named)
    small = make(tmp_path / "small.mp4", *pictures(), *H264)
    assert [read_clip(one).colours for one in (large, hdr, small)] == ["bt709", "", ""]


def test_primaries_are_no_matrix(tmp_path: Path) -> None:
    """Words of all three kinds are the same, and only the first of three is a matrix."""
    stated = ("-bsf:v", "h264_metadata=colour_primaries=1:transfer_characteristics=1")
    large = pictures(size="1280x720", seconds=0.1)
    primaries = make(tmp_path / "primaries.mp4", *large, *H264, *stated)
    matrix = ("-bsf:v", "h264_metadata=matrix_coefficients=6:colour_primaries=1")
    both = make(tmp_path / "both.mp4", *large, *H264, *matrix)
    same = (stated[0], f"{stated[1]}:matrix_coefficients=1")
    alike = make(tmp_path / "alike.mp4", *large, *H264, *same)
    assert [read_clip(one).colours for one in (primaries, both, alike)] == ["bt709", "", ""]


def test_a_rate_that_is_stated_as_0_is_none(tmp_path: Path) -> None:
    """Pictures a day apart; a rate that low is written as `0.0000 fps`."""
    daily = (*pictures("1/100000", seconds=1000000), "-frames:v", "3", "-c:v", "ffv1")
    clip = read_clip(make(tmp_path / "a.mkv", *daily))
    assert clip.rate is None
    assert [clip.second(frame) for frame in range(3)] == [0, 100_000, 200_000]


NO_VIDEO = "holds sound and no video; name a video file, or write it as music.file"


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("a.mp4", b"", "is empty, 0 bytes; export the video again"),
        ("a.m3u8", b"#EXTM3U\nclip.mp4\n", "is a list of other files; name the video file itself"),
        ("a.mp4", b"a text of some length" * 9, "is not a video that can be read (ffmpeg: "),
        ("a.avi", bytes(range(256)) * 8, "is not a video that can be read (ffmpeg: "),
    ],
    ids=["empty", "list", "text", "noise"],
)
def test_what_is_no_video_is_named(tmp_path: Path, name: str, data: bytes, fault: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ClipError) as raised:
        read_clip(path)
    assert str(raised.value).startswith(f"{path} {fault}")


def test_sound_alone_is_no_video_also_with_a_cover(tmp_path: Path) -> None:
    cover = tmp_path / "cover.png"
    cover.write_bytes(encode_png(drifting(1, 16, 8)[0]))
    both = ("-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
    song = make(tmp_path / "song.mp3", *TONE, "-i", str(cover), *both)
    for path in (song, write_silence(tmp_path / "a.wav", 1)):
        with pytest.raises(ClipError) as raised:
            read_clip(path)
        assert str(raised.value) == f"{path} {NO_VIDEO}"


def test_a_picture_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encode_png(drifting(1, 16, 8)[0]))
    with pytest.raises(ClipError, match="is of a format that is no video; allowed are MP4, MOV"):
        read_clip(path)


def test_files_that_were_cut_short_are_named(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "whole.mkv", drifting(20, 64, 32))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(make(tmp_path / "a.mp4", *pictures(), *H264).read_bytes()[:2000])
    with pytest.raises(ClipError, match="ffmpeg: moov atom not found"):
        read_clip(cut)
    header = tmp_path / "header.mkv"
    header.write_bytes(whole.read_bytes()[:800])
    with pytest.raises(ClipError, match="export it again"):
        read_clip(header)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="cannot be read: No such file or directory; check that"):
        read_clip(tmp_path / "a.mp4")

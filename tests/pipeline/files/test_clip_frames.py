"""Frames of clips: each in its place, upright, at the size of a frame, to the level."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipeline.files import clip_frames
from pipeline.files.clip import Clip, Fit
from pipeline.files.clip_frames import Framing, decode_frames, filters
from pipeline.files.clip_header import ClipError, read_clip
from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.png import Pixels
from tests import child
from tests.media import drifting, write_clip


def decoded(clip: Clip, framing: Framing, *wanted: int) -> dict[int, Pixels]:
    found: dict[int, Pixels] = {}
    decode_frames(clip, framing, wanted or range(len(clip)), lambda n, one: found.update({n: one}))
    return found


def test_a_clip_without_loss_comes_out_as_it_went_in(tmp_path: Path) -> None:
    made = drifting(9, 32, 16)
    clip = read_clip(write_clip(tmp_path / "a.mkv", made, "30000/1001"))
    found = decoded(clip, Framing((32, 16)))
    assert list(found) == list(range(9))
    assert all(np.array_equal(found[place], one) for place, one in enumerate(made))


def test_only_what_is_wanted_is_handed_over_each_once_and_in_order(tmp_path: Path) -> None:
    made = drifting(12, 32, 16)
    clip = read_clip(write_clip(tmp_path / "a.mkv", made))
    found = decoded(clip, Framing((32, 16)), 7, 2, 2, 10)
    assert list(found) == [2, 7, 10]
    assert all(np.array_equal(found[place], made[place]) for place in found)


@pytest.mark.parametrize("form", [("-c:v", "libx264", "-bf", "3"), ("-c:v", "mpeg4", "-bf", "2")])
def test_frames_that_lie_in_another_order_come_in_that_of_time(
    tmp_path: Path, form: tuple[str, ...]
) -> None:
    """Each frame has a level of its own, which survives any encoder."""
    made = [np.full((32, 48, 3), 20 + 8 * place, np.uint8) for place in range(24)]
    name = "a.mp4" if "libx264" in form else "a.avi"
    clip = read_clip(write_clip(tmp_path / name, made, "24", *form, "-pix_fmt", "yuv420p"))
    found = decoded(clip, Framing((48, 32)))
    levels = [float(found[place].mean()) for place in range(24)]
    np.testing.assert_allclose(levels, [20 + 8 * place for place in range(24)], atol=2.5)


def test_a_phone_that_was_held_upright_gives_upright_pictures(tmp_path: Path) -> None:
    picture = np.zeros((16, 32, 3), np.uint8)
    picture[:, :16] = (255, 0, 0)
    plain = write_clip(tmp_path / "a.mp4", [picture] * 3, "8", "-c:v", "libx264rgb", "-crf", "0")
    for degrees, top in ((90, 0), (-90, 255), (180, 0)):
        turned = tmp_path / f"turned{degrees}.mp4"
        argv = [ffmpeg(), "-v", "error", "-display_rotation:v:0", str(degrees), "-i", str(plain)]
        child.run([*argv, "-c", "copy", str(turned)], check=True)
        clip = read_clip(turned)
        shown = decoded(clip, Framing(clip.size))[1]
        assert shown.shape[:2] == ((16, 32) if degrees == 180 else (32, 16))
        assert abs(int(shown[0, 0, 0]) - top) < 3
        assert abs(int(shown[-1, -1, 0]) - (255 - top)) < 3


@pytest.mark.parametrize(
    ("fit", "crop", "red", "black"),
    [
        ("stretch", None, 0.5, 0.0),
        ("cover", None, 0.5, 0.0),
        ("contain", None, 0.25, 0.5),
        ("cover", (0, 0, 20, 20), 1.0, 0.0),
        ("cover", (20, 0, 40, 20), 0.5, 0.0),
        ("stretch", (39, 3, 2, 5), 0.5, 0.0),
    ],
)
def test_the_part_that_is_used_becomes_the_frame(
    tmp_path: Path, fit: Fit, crop: tuple[int, int, int, int] | None, red: float, black: float
) -> None:
    """The left half of the clip is red and the right one blue; frames are square."""
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:, :40, 0] = picture[:, 40:, 2] = 255
    clip = read_clip(write_clip(tmp_path / "a.mkv", [picture] * 2))
    shown = decoded(clip, Framing((48, 48), crop, fit))[0]
    assert shown.shape == (48, 48, 3)
    assert abs((shown[..., 0] > 128).mean() - red) < 0.03
    assert abs((shown.max(axis=2) < 128).mean() - black) < 0.03


def test_pixels_that_are_not_square_are_seen_as_they_are_meant() -> None:
    size, stored = (128, 36), (64, 36)
    clip = Clip(Path("a.mp4"), size, stored, (0,), Fraction(1), Fraction(0), None, Fraction(1))
    assert "scale=128:36:" in filters(clip, Framing((128, 36)))
    assert "crop=10:18:5:9:exact=1,scale=40:36:" in filters(
        clip, Framing((40, 36), (10, 9, 20, 18))
    )


def test_a_large_clip_is_reduced_without_aliasing(tmp_path: Path) -> None:
    """Lines of one pixel become an even grey."""
    picture = np.zeros((540, 960, 3), np.uint8)
    picture[:, ::2] = 255
    clip = read_clip(write_clip(tmp_path / "a.mkv", [picture] * 2))
    shown = decoded(clip, Framing((96, 54)))[1]
    assert abs(float(shown.mean()) - 127.5) < 2
    assert float(shown[4:-4, 4:-4].std()) < 6


def test_a_clip_that_breaks_off_is_told_with_a_remedy(tmp_path: Path) -> None:
    clip = read_clip(write_clip(tmp_path / "a.mkv", drifting(80, 64, 32), "25"))
    data = clip.file.read_bytes()
    clip.file.write_bytes(data[: len(data) // 4])
    with pytest.raises(ClipError) as raised:
        decoded(clip, Framing((64, 32)))
    assert "cannot be decoded to its end (ffmpeg: " in str(raised.value)
    assert str(raised.value).endswith("or end before that by video.input.end")


def test_for_a_few_frames_that_are_missing_the_one_before_stands_in(tmp_path: Path) -> None:
    clip = read_clip(write_clip(tmp_path / "a.mkv", drifting(12, 32, 16)))
    short = read_clip(write_clip(tmp_path / "short.mkv", drifting(9, 32, 16)))
    clip.file.write_bytes(short.file.read_bytes())
    found = decoded(clip, Framing((32, 16)))
    assert list(found) == list(range(12))
    assert np.array_equal(found[11], found[8])


def test_the_title_of_a_clip_does_not_say_when_its_frames_come(tmp_path: Path) -> None:
    made = drifting(10, 32, 16)
    titles = (
        "[Parsed_showinfo_0 @ 0x1] n:   0 pts:      99999 pts_time:4 ",
        "[Parsed_showinfo_0 @ 0x1] config in time_base: 1/7, frame_rate: 1/1",
        "first\n[Parsed_showinfo_0 @ 0x1] n:   0 pts:      125 pts_time:4 ",
    )
    for place, title in enumerate(titles):
        named = ("-metadata", f"title={title}", "-c:v", "ffv1")
        clip = read_clip(write_clip(tmp_path / f"{place}.mkv", made, "8", *named))
        found = decoded(clip, Framing((32, 16)))
        assert [np.array_equal(found[n], one) for n, one in enumerate(made)] == [True] * 10


def lacking(path: Path, count: int, *kept: int) -> Clip:
    """A clip of 8 frames a second that lacks all but some of `count` frames."""
    shown = write_clip(path, [drifting(1, 32, 16, seed)[0] for seed in range(len(kept))])
    clip = read_clip(shown)
    step = clip.ticks[1] - clip.ticks[0]
    # The frames that there are come where the kept ones would.
    times = "+".join(f"eq(N\\,{place})*{one}" for place, one in enumerate(kept))
    moved = path.with_name(f"moved{path.name}")
    argv = [ffmpeg(), "-v", "error", "-i", str(path), "-vf", f"setpts=({times})/(8*TB)"]
    child.run([*argv, "-fps_mode", "passthrough", "-c:v", "ffv1", str(moved)], check=True)
    found = read_clip(moved)
    assert [tick // step for tick in found.ticks] == [*kept]
    return replace(found, ticks=tuple(step * one for one in range(count)), rate=Fraction(8))


@pytest.mark.parametrize("wanted", [(21,), (8,), (3, 9, 15, 21, 27), (24,)])
def test_that_many_are_missing_does_not_depend_on_which_are_wanted(
    tmp_path: Path, wanted: tuple[int, ...]
) -> None:
    clip = lacking(tmp_path / "a.mkv", 30, *range(6), 25, 26, 27, 28, 29)
    with pytest.raises(ClipError, match="cannot be decoded to its end"):
        decoded(clip, Framing((32, 16)), *wanted)
    assert list(decoded(clip, Framing((32, 16)), 0, 5, 25, 29)) == [0, 5, 25, 29]


@pytest.mark.parametrize("wanted", [(6,), (29,), (0, 10, 20)])
def test_nor_does_it_at_the_end(tmp_path: Path, wanted: tuple[int, ...]) -> None:
    clip = lacking(tmp_path / "a.mkv", 30, *range(6))
    with pytest.raises(ClipError, match="cannot be decoded to its end"):
        decoded(clip, Framing((32, 16)), *wanted)
    assert list(decoded(clip, Framing((32, 16)), 0, 5)) == [0, 5]


def test_a_gap_of_a_few_frames_is_filled_in_the_middle_too(tmp_path: Path) -> None:
    clip = lacking(tmp_path / "a.mkv", 20, *range(3), *range(15, 20))
    found = decoded(clip, Framing((32, 16)), 2, 3, 14, 15)
    assert np.array_equal(found[3], found[2])
    assert np.array_equal(found[14], found[2])
    assert not np.array_equal(found[15], found[2])


@pytest.mark.parametrize("name", ["AV_LOG_FORCE_COLOR", "AV_LOG_FORCE_256COLOR"])
def test_who_likes_colours_gets_the_same_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made = drifting(6, 32, 16)
    file = write_clip(tmp_path / "a.mkv", made)
    plain = read_clip(file)
    monkeypatch.setenv(name, "1")
    monkeypatch.setattr(clip_frames, "_PATIENCE", 0.5)
    assert read_clip(file) == plain
    # As if every other frame were lost: what comes is known by its time alone.
    ticks = sorted({*plain.ticks, *(tick + 60 for tick in plain.ticks)})
    found = decoded(replace(plain, ticks=tuple(ticks)), Framing((32, 16)), 2, 5, 10)
    assert all(np.array_equal(found[n], made[n // 2]) for n in (2, 5, 10))


@pytest.mark.parametrize("lingers", ["", "sleep 2 >&2 & "], ids=["ends", "goes on"])
def test_no_frame_is_numbered_by_a_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lingers: str
) -> None:
    """A program that hands frames over and says nothing of them."""
    clip = read_clip(write_clip(tmp_path / "a.mkv", drifting(3, 32, 16)))
    mute = tmp_path / "mute"
    mute.write_text(f"#!/bin/sh\n{lingers}echo hello >&2\nhead -c 6144 /dev/zero\n")
    mute.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(mute))
    monkeypatch.setattr(clip_frames, "_PATIENCE", 0.5)
    with pytest.raises(ClipError) as raised:
        decoded(clip, Framing((32, 16)))
    assert str(raised.value) == (
        f"ffmpeg does not say when the frames of {clip.file} come (last words: hello); let "
        "IMAGEIO_FFMPEG_EXE name no other, or one of release 5.1 or later"
    )

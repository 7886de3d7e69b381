"""What a video file is, by its name."""

from __future__ import annotations

import pytest

from pipeline.spec.video_formats import BOXED, FORMATS, PICTURES, format_of, numbered_pictures


@pytest.mark.parametrize(
    ("file", "codec"),
    [
        *(("a.mp4", "H.264"), ("a.M4V", "H.264"), ("a b.c.webm", "VP9"), ("ü.mov", "ProRes")),
        *(("a.gif", "GIF"), ("a.webp", "WebP"), ("m/#.png", "PNG"), ("m.mp4/x-####.png", "PNG")),
    ],
)
def test_the_end_of_a_name_is_its_format(file: str, codec: str) -> None:
    found = format_of(file)
    assert found is not None and found.codec == codec


@pytest.mark.parametrize(
    "file", ["a", "a.avi", "mp4", "m/a.mp4", "m/a.png", "a.png", "m/#/#.png", "/#.png", "m/#a#.png"]
)
def test_any_other_name_is_none(file: str) -> None:
    assert format_of(file) is None


def test_boxes_are_in_files_of_the_mp4_family() -> None:
    names = ("a.mp4", "a.M4V", "a.mov", "a.webm", "a.gif", "a.webp", "mp4/#.png")
    kinds = {name: format_of(name) for name in names}
    assert [name for name, kind in kinds.items() if kind is not None and kind.has_boxes] == [
        *("a.mp4", "a.M4V", "a.mov")
    ]
    assert BOXED == (".mp4", ".m4v", ".mov")


def test_numbered_pictures_have_names_of_that_form() -> None:
    pictures = numbered_pictures("m/100%-###.png")
    assert pictures is not None and pictures.folder == "m"
    assert [pictures.name(number) for number in (0, 41, 12345)] == [
        *("100%-000.png", "100%-041.png", "100%-12345.png")
    ]
    assert pictures.pattern == "100%%-%03d.png"
    assert pictures.is_one("100%-041.png") and pictures.is_one("100%-12345.png")
    others = ("100%-41.png", "100%-041.png~", "041.png", "100%-04a.png")
    assert not any(map(pictures.is_one, others))
    assert numbered_pictures("a.mp4") is None


def test_what_a_format_can_be_asked_is_whole() -> None:
    assert len({suffix for one in FORMATS for suffix in one.suffixes}) == 7
    for one in FORMATS:
        assert set(one.depths) <= {8, 10} and one.depths
        assert one.crf is None or 0 <= one.crf[0] <= one.crf[1]
    assert not PICTURES.has_sound

"""What a video says to players of eyes and spheres, read by ffmpeg and by other code."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.errors import Error
from pipeline.output.player_tags import player_boxes, tag_video
from pipeline.spec.plan import OutputSpec
from pipeline.spec.stereo import StereoLayout, StereoSpec
from tests.media import look, sound_of, streams, write_tone
from tests.pipeline.videos import make, write_frames

PARENTS = {
    **dict.fromkeys(("moov", "trak", "mdia", "minf", "stbl"), 0),
    "stsd": 8,
    **dict.fromkeys(("avc1", "apch"), 78),
    **dict.fromkeys(("sv3d", "proj"), 0),
}
"""Boxes with boxes in them, and the bytes before those (ISO 14496-12)."""


@dataclass
class Node:
    kind: str
    payload: bytes
    inside: list[Node]

    def find(self, *way: str) -> list[Node]:
        if not way:
            return [self]
        return [leaf for one in self.inside if one.kind == way[0] for leaf in one.find(*way[1:])]


def tree(data: bytes) -> list[Node]:
    """The boxes of a file; every byte of it belongs to one, or an assertion fails."""
    nodes, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        assert head <= size <= len(data) - at, f"{kind!r} at {at} is {size} bytes long"
        name, payload = kind.decode("latin-1"), data[at + head : at + size]
        inside = tree(payload[PARENTS[name] :]) if name in PARENTS else []
        nodes.append(Node(name, payload, inside))
        at += size
    return nodes


def boxes(video: Path) -> Node:
    return Node("file", b"", tree(video.read_bytes()))


def stereo_modes(video: Path) -> list[tuple[int, int, int]]:
    """Version, flags and stereo mode of every `st3d` in the description of the pictures."""
    way = ("moov", "trak", "mdia", "minf", "stbl", "stsd")
    entries = [one for stsd in boxes(video).find(*way) for one in stsd.inside]
    found = [box.payload for entry in entries for box in entry.find("st3d")]
    assert all(len(one) == 5 for one in found)
    return [(one[0], int.from_bytes(one[1:4]), one[4]) for one in found]


def video(folder: Path, name: str, layout: StereoLayout | None, **options: Any) -> Path:
    frames = write_frames(folder / "frames", 9)
    stereo = None if layout is None else StereoSpec(layout=layout)
    return make(frames, folder / name, stereo=stereo, **options)


@pytest.mark.parametrize("name", ["a.mp4", "a.m4v", "a.mov"])
@pytest.mark.parametrize(
    ("layout", "mode", "words"),
    [("side_by_side", 2, "side by side"), ("top_bottom", 1, "top and bottom")],
)
def test_it_is_read_back(
    tmp_path: Path, name: str, layout: StereoLayout, mode: int, words: str
) -> None:
    options = {"bit_depth": 10} if name == "a.mov" else {}
    made = video(tmp_path, name, layout, **options)
    assert stereo_modes(made) == [(0, 0, mode)]
    assert f"Stereo 3D: {words}" in streams(made)
    assert "Spherical" not in streams(made)


@pytest.mark.parametrize("layout", [None, "anaglyph"])
def test_a_flat_picture_and_an_anaglyph_say_nothing(
    tmp_path: Path, layout: StereoLayout | None
) -> None:
    made = video(tmp_path, "a.mp4", layout)
    assert stereo_modes(made) == []
    assert "Stereo" not in streams(made)


def test_pictures_and_sound_are_what_they_were(tmp_path: Path) -> None:
    """The index lies before them, so that all they are found by has moved."""
    song = str(write_tone(tmp_path / "song.wav", 2.0))
    flat = video(tmp_path, "flat.mp4", None, soundtrack=song)
    deep = video(tmp_path, "deep.mp4", "side_by_side", soundtrack=song)
    assert deep.stat().st_size == flat.stat().st_size + 13
    np.testing.assert_array_equal(look(deep).pixels, look(flat).pixels)
    np.testing.assert_array_equal(sound_of(deep), sound_of(flat))
    assert [one.kind for one in boxes(deep).inside] == [one.kind for one in boxes(flat).inside]
    kinds = [one.kind for one in boxes(deep).inside]
    assert kinds.index("moov") < kinds.index("mdat")


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_a_picture_of_all_around_says_so(tmp_path: Path, name: str) -> None:
    options = {"bit_depth": 10} if name == "a.mov" else {}
    made = video(tmp_path, name, None, spherical=True, **options)
    assert "Spherical Mapping: equirectangular" in streams(made)
    assert "Stereo" not in streams(made)
    way = ("moov", "trak", "mdia", "minf", "stbl", "stsd")
    (entry,) = (one for stsd in boxes(made).find(*way) for one in stsd.inside)
    (svhd,) = entry.find("sv3d", "svhd")
    assert svhd.payload == bytes(4) + b"discoreel\0"
    (prhd,) = entry.find("sv3d", "proj", "prhd")
    (equi,) = entry.find("sv3d", "proj", "equi")
    # A version and flags, then three angles, or four sides: all of the sphere, looked at straight.
    assert (prhd.payload, equi.payload) == (bytes(16), bytes(20))


def test_chunks_are_found_where_they_went(tmp_path: Path) -> None:
    flat, deep = (video(tmp_path, f"{layout}.mp4", layout) for layout in (None, "top_bottom"))
    way = ("moov", "trak", "mdia", "minf", "stbl", "stco")
    before, after = (boxes(one).find(*way)[0].payload for one in (flat, deep))
    (count,) = struct.unpack_from(">I", before, 4)
    assert count
    places = [struct.unpack_from(f">{count}I", one, 8) for one in (before, after)]
    assert [b - a for a, b in zip(*places, strict=True)] == [13] * count


def test_webm_says_it_in_its_own_way(tmp_path: Path) -> None:
    for layout, words in (("side_by_side", "side by side"), ("top_bottom", "top and bottom")):
        made = video(tmp_path, f"{layout}.webm", layout, crf=24)  # type: ignore[arg-type]
        assert f"Stereo 3D: {words}" in streams(made)


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def long_box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body


def track(kind: bytes, entry: bytes, table: bytes) -> bytes:
    hdlr = box(b"hdlr", bytes(8), kind, bytes(13))
    stsd = box(b"stsd", bytes(4), struct.pack(">I", 1), entry)
    stbl = box(b"stbl", stsd, table)
    return box(b"trak", box(b"mdia", hdlr, box(b"minf", stbl)))


def test_long_boxes_tables_of_8_bytes_and_data_before_the_index(tmp_path: Path) -> None:
    """A file such as no release here writes: what lies before the index stays where it was."""
    media = b"pictures and sound"
    head = box(b"ftyp", b"isom")
    early = len(head) + 8
    entry = long_box(b"avc1", bytes(78), box(b"avcC", b"x"))

    def co64(*places: int) -> bytes:
        packed = struct.pack(f">{len(places)}Q", *places)
        return box(b"co64", bytes(4), struct.pack(">I", len(places)), packed)

    def index(late: int) -> bytes:
        sound = track(b"soun", box(b"mp4a", bytes(28)), co64(early, late))
        return long_box(b"moov", sound, track(b"vide", entry, co64(late)))

    before = head + box(b"mdat", media)
    late = len(before) + len(index(0)) + 8
    path = tmp_path / "a.mp4"
    path.write_bytes(before + index(late) + box(b"mdat", media))
    tag_video(path, player_boxes(OutputSpec(stereo=StereoSpec())))
    data = path.read_bytes()
    way = ("moov", "trak", "mdia", "minf", "stbl")
    tables = [one.payload for stbl in boxes(path).find(*way) for one in stbl.find("co64")]
    sound, pictures = (struct.unpack(f">{len(t[8:]) // 8}Q", t[8:]) for t in tables)
    assert sound[0] == early
    assert all(data[at : at + len(media)] == media for at in (*sound, *pictures))
    assert stereo_modes(path) == [(0, 0, 2)]


def test_a_disk_that_refuses_leaves_the_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = video(tmp_path, "a.mp4", None)
    before = made.read_bytes()

    def refuse(*names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.output.player_tags.os.replace", refuse)
    with pytest.raises(Error, match="No space left on device"):
        tag_video(made, player_boxes(OutputSpec(spherical=True)))
    assert made.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.mp4", "frames"]

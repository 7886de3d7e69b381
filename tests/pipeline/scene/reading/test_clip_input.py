"""What is wrong with a clip is told when the scene is read, each with its remedy."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.media import drifting, write_clip, write_silence
from tests.pipeline.scene_files import complaints, load, write_picture

PROMPTS = "prompts: red\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_clip(tmp_path / "clip.mkv", drifting(8, 40, 20))
    write_silence(tmp_path / "song.wav", 1)
    return tmp_path


def scene(input: str, duration: str = "clip", more: str = "") -> str:
    return (
        f"video: {{size: [32, 16], fps: 8, duration: {duration}, input: {input}}}\n{PROMPTS}{more}"
    )


def test_a_name_and_a_mapping_of_it_mean_the_same(folder: Path) -> None:
    plain = load(folder, scene("clip.mkv")).video.input
    assert plain == load(folder, scene("{file: clip.mkv}")).video.input
    assert plain is not None
    assert plain.file == (folder / "clip.mkv").resolve()
    assert (plain.seconds, plain.count(Fraction(8))) == (1, 8)
    assert load(folder, scene("none", "3")).video.input is None


def test_a_video_lasts_as_long_as_its_clip(folder: Path) -> None:
    assert load(folder, scene("clip.mkv")).frame_count == 8
    assert load(folder, scene("{file: clip.mkv, start: 0.5s}")).frame_count == 4
    fast = scene("clip.mkv").replace("fps: 8", "fps: 30")
    assert load(folder, fast).frame_count == 30
    assert load(folder, scene("clip.mkv", "3")).frame_count == 3


SHORT = (
    "1:54: video.input: the clip makes 8 frames (0:01 at 8 frames a second), and the video has "
    "12; write video.duration: clip, or in video.input at_end: hold (its last frame) or loop"
)


@pytest.mark.parametrize(
    ("input", "duration", "more", "told"),
    [
        ("a.mkv", "clip", "", "does not exist; names are relative to the scene file"),
        ("song.wav", "clip", "", "song.wav holds sound and no video; name a video file, or write"),
        ("pic.png", "clip", "", "pic.png is of a format that is no video; allowed are MP4, MOV"),
        ("3", "clip", "", "expected the name of a video file, found 3"),
        ("{}", "clip", "", "expected the name of a video file, found nothing"),
        ("{file: clip.mkv, begin: 1}", "clip", "", "unknown key; allowed: file, start, end, "),
        (
            "{file: clip.mkv, start: 1s}",
            *("clip", "", "start: found 1 seconds, and the clip lasts 1 seconds; allowed: from 0 "),
        ),
        (
            "{file: clip.mkv, end: 9s}",
            *(
                "clip",
                "",
                "end: found 9 seconds, and the clip lasts 1 seconds; allowed: from mo",
            ),
        ),
        (
            "{file: clip.mkv, start: 0.5s, end: 0.25s}",
            *("clip", "", "end: it is at 0.25 seconds, and start at 0.5; allowed: more than start"),
        ),
        ("{file: clip.mkv, extract_nth: 0}", "clip", "", "extract_nth: found 0; allowed: from 1"),
        (
            "{file: clip.mkv, crop: [0, 0, 41, 20]}",
            *("clip", "", "crop: found [0, 0, 41, 20], [x, y, width, height], and the clip has 40"),
        ),
        (
            "{file: clip.mkv, crop: [8, 4, 40, 20]}",
            "clip",
            "",
            "x + width to 40, y + height to 20; write [8, 4, 32, 16] for as much of it as there",
        ),
        (
            "{file: clip.mkv, crop: [40, 0, 4, 4]}",
            *(
                "clip",
                "",
                "40 x 20; allowed: x + width to 40, y + height to 20; move it, so that x",
            ),
        ),
        (
            "{file: clip.mkv, crop: [0, 0, 4]}",
            "clip",
            "",
            "expected [x, y, width, height] in whole",
        ),
        ("{file: clip.mkv, crop: [0, 0, 4, 0]}", "clip", "", "expected [x, y, width, height] in"),
        (
            "{file: clip.mkv, fit: tile}",
            "clip",
            "",
            "fit: expected cover, contain or stretch, foun",
        ),
        (
            "{file: clip.mkv, at_end: stop}",
            "clip",
            "",
            "at_end: expected error, hold or loop, foun",
        ),
        ("clip.mkv", "12", "", SHORT),
        ("none", "clip", "", "clip is the length of the clip; name it as video.input, or write a"),
        (
            "none",
            "3",
            "clip: {flow_blend: 0.5}\n",
            "there is no clip: name one as video.input, or rem",
        ),
        (
            "clip.mkv",
            "clip",
            "clip: {flow_blend: 2}\n",
            "clip.flow_blend: flow_blend is 2; allowed: from 0 to 1",
        ),
        (
            *("clip.mkv", "clip", "camera: {memory: shot}\n"),
            "camera.memory: over a clip things move by themselves, and nothing stays where the "
            "camera saw it; remove memory",
        ),
        (
            *("clip.mkv", "clip", "camera: {depth: pic.png}\n"),
            "camera.depth: over a clip the camera moves through the depth of the clip's frames, ",
        ),
        (
            *("clip.mkv", "clip", "sampler: {init_image: pic.png}\n"),
            "frames start from the clip of video.input; remove that, or init_image",
        ),
        (
            *("clip.mkv", "clip", "sampler: {perlin_init: mixed}\n"),
            "frames start from the clip of video.input; remove that, or perlin_init",
        ),
        (
            "clip.mkv",
            "clip",
            "sampler: {cross_fade: key}\n",
            "sampler.cross_fade: key goes over to",
        ),
        (
            "clip.mkv",
            "clip",
            "sampler: {inbetween: flow}\n",
            "sampler.inbetween: over a clip frames",
        ),
        (
            "clip.mkv",
            "clip",
            'guidance: {repaint: {mask: "depth > 0.7"}}\n',
            'guidance.repaint.mask: over a clip a mask knows no "depth"; write one of x and y',
        ),
    ],
)
def test_what_cannot_be_is_told(
    folder: Path, input: str, duration: str, more: str, told: str
) -> None:
    write_picture(folder / "pic.png")
    (found,) = complaints(folder, scene(input, duration, more))
    assert told in found


def test_stills_have_no_clip(folder: Path) -> None:
    text = f"video: {{size: [32, 16], n_batches: 2, input: clip.mkv}}\n{PROMPTS}"
    (found,) = complaints(folder, text)
    assert "n_batches makes stills: remove input, or write duration for a video" in found

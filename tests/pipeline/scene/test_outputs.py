"""Video files in a scene: their names, what their formats know, and several at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.load import read_scene
from pipeline.spec.plan import OutputSpec, Plan
from tests.media import write_silence
from tests.pipeline.scene_files import BASE, complaints, load, write


def plan(folder: Path, text: str) -> Plan:
    return make_plan(load(folder, BASE + text))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{file: a.mp4}", OutputSpec("a.mp4")),
        ("{file: a.M4V, bit_depth: 10}", OutputSpec("a.M4V", bit_depth=10)),
        ("{file: a.webm}", OutputSpec("a.webm", crf=24)),
        ("{file: a.webm, crf: 63, preset: fast}", OutputSpec("a.webm", crf=63, preset="fast")),
        ("{file: a.mov}", OutputSpec("a.mov", bit_depth=10)),
        ("{file: a.gif, bit_depth: 8}", OutputSpec("a.gif")),
        ("{file: a.webp}", OutputSpec("a.webp")),
        ("{file: master/pulse 100%-####.png}", OutputSpec("master/pulse 100%-####.png")),
    ],
)
def test_each_format_has_its_own_defaults(
    tmp_path: Path, written: str, expected: OutputSpec
) -> None:
    made = plan(tmp_path, f"output: {{upscale: lanczos, scale: 1, sharpen: 0, {written[1:]}\n")
    assert (made.output, made.outputs) == (expected, ())


NAMES = "expected a name without folders that ends in .mp4, .m4v, .webm, .mov, .gif or .webp, found"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{file: a.avi}", f'16: output.file: {NAMES} "a.avi"'),
        ("{file: .webm}", f'16: output.file: {NAMES} ".webm"'),
        ("{file: 3}", f"16: output.file: {NAMES} 3"),
        (
            "{file: a.png}",
            f'16: output.file: {NAMES} "a.png"; pictures are named by a folder and numbers, '
            '"master/####.png"',
        ),
        (
            "{file: a/b/##.png}",
            f'16: output.file: {NAMES} "a/b/##.png"; pictures are named by a folder and numbers, '
            '"master/####.png"',
        ),
        (
            "{file: frames/####.png}",
            '16: output.file: a render keeps files of its own in "frames"; name another folder, '
            'such as "master/####.png"',
        ),
        (
            "{file: Frames/####.png}",
            '16: output.file: a render keeps files of its own in "Frames"; name another folder, '
            'such as "master/####.png"',
        ),
        (
            "{file: takes/####.png}",
            '16: output.file: a render keeps files of its own in "takes"; name another folder, '
            'such as "master/####.png"',
        ),
        (
            "{file: ../####.png}",
            f'16: output.file: {NAMES} "../####.png"; pictures are named by a folder and numbers, '
            '"master/####.png"',
        ),
        (
            "{file: a.mp4, bit_depth: 9}",
            "34: output.bit_depth: found 9; H.264 (.mp4 and .m4v) has 8 or 10 bits",
        ),
        (
            "{file: a.mov, bit_depth: 8}",
            "34: output.bit_depth: found 8; ProRes (.mov) has 10 bits; 8 bits are for H.264 (.mp4 "
            "and .m4v) and VP9 (.webm) and GIF (.gif) and WebP (.webp)",
        ),
        (
            "{file: a.gif, bit_depth: 10}",
            "34: output.bit_depth: found 10; GIF (.gif) has 8 bits; 10 bits are for H.264 (.mp4 "
            "and .m4v) and VP9 (.webm) and ProRes (.mov)",
        ),
        (
            "{file: a.mp4, crf: 52}",
            "28: output.crf: found 52; H.264 (.mp4 and .m4v) allows 0 to 51",
        ),
        (
            "{file: a.mov, crf: 5}",
            "28: output.crf: crf is for H.264 (.mp4 and .m4v) and VP9 (.webm); ProRes (.mov) has "
            "none: remove it",
        ),
        (
            "{file: a.webp, preset: slow}",
            "32: output.preset: preset is for H.264 (.mp4 and .m4v) and VP9 (.webm); WebP (.webp) "
            "has none: remove it",
        ),
    ],
)
def test_what_a_format_does_not_know_is_told(tmp_path: Path, written: str, message: str) -> None:
    assert complaints(tmp_path, BASE + f"output: {written}\n") == [f"3:{message}"]


def test_several_outputs_take_over_what_they_do_not_name(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        "output: {file: master.mp4, upscale: lanczos, size: [192, 108], crf: 12, preset: fast,\n"
        "  bit_depth: 10, fit: contain, sharpen: 0.7}\n"
        "outputs:\n"
        "  - {}\n"
        "  - {file: small.mp4, scale: 0.5}\n"
        "  - {file: page.webm}\n"
        "  - {file: stills/##.png, upscale: none}\n",
    )
    common = {"crf": 12, "preset": "fast", "bit_depth": 10, "fit": "contain", "sharpen": 0.7}
    assert made.output == OutputSpec("master.mp4", size=(192, 108), **common)  # type: ignore[arg-type]
    assert made.outputs == (
        OutputSpec("small.mp4", size=(48, 48), **common),  # type: ignore[arg-type]
        OutputSpec("page.webm", size=(192, 108), crf=24, fit="contain", sharpen=0.7),
        OutputSpec("stills/##.png", upscale="none", sharpen=0.7),
    )
    assert Plan.from_json(made.to_json()) == made


def test_every_output_has_the_sound(tmp_path: Path) -> None:
    song = write_silence(tmp_path / "song.wav", 2.1)
    text = "music: {file: song.wav}\noutputs: [{file: a.mp4}, {file: b.mov}]\n"
    made = plan(tmp_path, text)
    assert {one.soundtrack for one in (made.output, *made.outputs)} == {str(song)}


NO_LIST = "expected a list of outputs, found"
AS_LIST = "write one as - {file: video.mp4}"


@pytest.mark.parametrize(
    ("written", "messages"),
    [
        ("outputs: []", [f"3:10: outputs: {NO_LIST} an empty list; {AS_LIST}"]),
        ("outputs: a.mp4", [f'3:10: outputs: {NO_LIST} "a.mp4"; {AS_LIST}']),
        ("outputs: {a: 1}", [f"3:10: outputs: {NO_LIST} a mapping; {AS_LIST}"]),
        (
            "outputs: [a.mp4]",
            [
                '3:11: outputs.0: expected a mapping of settings, found "a.mp4"; allowed keys: '
                "file, bit_depth, crf, preset, upscale, size, scale, fit, sharpen, stereo, "
                "spherical"
            ],
        ),
        (
            "outputs: [{file: a.mp4}, {file: A.MP4}, {file: a.mp4}]",
            [
                '3:26: outputs.1: "A.MP4" is output 1 already; write another file',
                '3:41: outputs.2: "a.mp4" is output 1 already; write another file',
            ],
        ),
        (
            "outputs: [{file: m/##.png}, {file: m/a-##.png}]",
            ['3:29: outputs.1: "m/a-##.png" is output 1 already; write another file'],
        ),
        (
            "outputs: [{file: a.mp4, crf: 99}, {file: a.gif, colour: 2}]",
            [
                "3:30: outputs.0.crf: found 99; allowed: from 0 to 63",
                "3:49: outputs.1.colour: unknown key; allowed: file, bit_depth, crf, preset, "
                "upscale, size, scale, fit, sharpen, stereo, spherical",
            ],
        ),
        (
            "output: {crf: 99}\noutputs: [{file: a.mp4}, {file: b.mp4, display_rate: 2}]",
            [
                "3:15: output.crf: found 99; allowed: from 0 to 63",
                "4:40: outputs.1.display_rate: unknown key; display_rate belongs under output:",
            ],
        ),
        (
            "output: {file: a.mp4}\noutputs: [{file: b.mp4}]",
            [
                "3:16: output.file: each of the outputs has a name of its own, so that this video "
                "is not made; remove it, or write it among the outputs"
            ],
        ),
    ],
)
def test_mistakes_of_the_list_are_told_once(
    tmp_path: Path, written: str, messages: list[str]
) -> None:
    assert complaints(tmp_path, f"{BASE}{written}\n") == messages


def test_music_that_nobody_hears_is_said(tmp_path: Path) -> None:
    write_silence(tmp_path / "song.wav", 2.1)

    def warned(outputs: str) -> list[str]:
        text = BASE + f"music: {{file: song.wav}}\n{outputs}\n"
        return [one.message for one in read_scene(write(tmp_path, text)).warnings]

    assert warned("outputs: [{file: a.gif}, {file: a.webp}, {file: b.gif}]") == [
        "GIF and WebP has no place for sound: the music sets the times and is not heard; add an "
        "output such as {file: video.mp4} under outputs: to hear it"
    ]
    assert warned("outputs: [{file: a.gif}, {file: a.webm}]") == warned("output: {}") == []

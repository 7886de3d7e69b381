"""Broken scenes of the text: YAML, keys, numbers in all notations, formulas and times.

Each is a small file, and what is told of it: line and column, place, and how the message begins.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, VIDEO, assert_told

TEXTS = [
    ("\tseed: 1", "3:1: a tab cannot indent YAML"),
    (
        "camera: {zoom: 1\nseed: 2",
        '4:5: expected "," or "}" here: the bracket opened in line 3, column 9 is not closed',
    ),
    ("camera: [1, 2", "3:9: a bracket is opened here and never closed"),
    ("video: {}", "3:1: video: the key is written twice, first in line 1"),
    ("seed: 1\nseed: 2", "4:1: seed: the key is written twice, first in line 3"),
    ("camera: {zoom: 1, zoom: 2}", "3:19: camera.zoom: the key is written twice, first in line 3"),
    ("camera:{zoom: 1}", '3:1: camera:{zoom: unknown key (did you mean "camera"?)'),
    (
        "camera:\n  zoom: 1\n   roll: 2",
        '5:8: a ":" is not expected here: check the indentation, and put a text that holds ":',
    ),
    ("camera: &a {roll: *b}", '3:19: there is no "&b" before this "*b"'),
    (
        "camera: !!python/object:os.system {}",
        '3:9: tags such as "!!python/object:os.system" are not read',
    ),
    ("camera: {<<: {zoom: 1}}", '3:10: camera: merge keys ("<<") are not read'),
    ("seed: 'one", "3:7: a quote is opened here and never closed"),
    ("true: 1", '3:1: a key is a text or a number, found "true"'),
    ("? [1, 2]\n: 3", "3:3: a key is a text or a number, found a list or mapping"),
    ("camera: {zoom: 1,02}", "3:16: camera.zoom: found 1,02"),
    ("seed: @1", '3:7: a plain text cannot begin with "@"'),
    ("---\nseed: 1", "3:1: a scene file holds one scene"),
    (
        "camera: &a\n  roll: *a",
        (
            "3:1: camera.roll: expected a number, a mapping of times to numbers or a formula,",
            "3:9: camera.roll: an alias stands inside the value that it repeats",
        ),
    ),
    (
        "camera: {roll:1}",
        '3:10: camera.roll:1: write a blank after the ":" that ends a key in braces',
    ),
    ("% seed: 1", '3:1: a line that begins with "%" speaks to YAML itself'),
]


@pytest.mark.parametrize(("text", "told"), TEXTS)
def test_what_is_no_scene(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)


PROMPT_TEXTS = [
    ('prompts: "a\\qcastle"', '2:13: in double quotes "\\q" is not an escape'),
    (
        "prompts: a castle #3 at dawn",
        '2:19: prompts: "#3 at dawn" would be cut off, as a # behind a blank begins a comment',
    ),
    (
        "prompts: a: castle: b",
        '2:11: a ":" is not expected here: check the indentation, and put a text that holds',
    ),
    ("prompts: a\x00castle", "2:11: the character U+0000 is not allowed in YAML"),
    ('prompts: "\\ud800"', '2:10: prompts: "\\ud800" is half of a character'),
    ("prompts: `a castle`", '2:10: a plain text cannot begin with "`"'),
    ("", "1:1: prompts: this is missing, and a scene needs it"),
]


@pytest.mark.parametrize(("text", "told"), PROMPT_TEXTS)
def test_prompts_that_are_no_yaml(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, VIDEO + text + "\n", told)


KEYS = [
    ("camra: {zoom: 2}", '3:1: camra: unknown key (did you mean "camera"?)'),
    ("camera: {zom: 2}", '3:10: camera.zom: unknown key (did you mean "zoom"?)'),
    ("zoom: 2", "3:1: zoom: unknown key"),
    ("guidance: {translate_z: 1}", "3:12: guidance.translate_z: unknown key"),
    ("camera: 3", "3:9: camera: expected a mapping of settings, found 3"),
    ("camera:", "3:8: camera: expected a mapping of settings, found nothing"),
    ("sampler: [1]", "3:10: sampler: expected a mapping of settings, found a list"),
    ("clip_guidance_scale: 5000", "3:1: clip_guidance_scale: unknown key"),
    ("animation_prompts: a", "3:1: animation_prompts: unknown key"),
    ("max_frames: 10", "3:1: max_frames: unknown key"),
    ("seed: -1", "3:7: seed: found -1"),
    ("seed: 1.5", "3:7: seed: expected a whole number from 0 to 9223372036854775807, found 1.5"),
    ("seed: one", '3:7: seed: expected a whole number from 0 to 9223372036854775807, found "one"'),
    ("seed: true", "3:7: seed: expected a whole number from 0 to 9223372036854775807, found true"),
    ("seed: 99999999999999999999", "3:7: seed: found 99999999999999999999"),
    ("camera: {roll: 1, angle: 2}", "3:19: camera.angle: angle is another name of roll"),
]


@pytest.mark.parametrize(("text", "told"), KEYS)
def test_keys_and_plain_values(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)


NUMBERS = [
    ('camera: {zoom: "0: (1.0), 20 (1.2)"}', '3:30: camera.zoom: expected ":", found "(1.2)"'),
    ('camera: {zoom: "0: (1.0), 20: (x)"}', '3:32: camera.zoom: expected a number, found "x)"'),
    (
        'camera: {zoom: "0: 1.0, 20: 1.2,"}',
        '3:20: camera.zoom: expected "(", found "1.0, 20: 1.2,"',
    ),
    (
        'camera: {zoom: "0: (1.0, 20: (1.2)"}',
        '3:21: camera.zoom: expected a number, found "1.0, 20: (1.2)"',
    ),
    ('camera: {zoom: "0: (1.0), 0: (1.2)"}', "3:27: camera.zoom: frame 0 is written twice"),
    ('camera: {zoom: "20:(1.0)-(1.2)"}', '3:25: camera.zoom: expected ",", found "-(1.2)"'),
    (
        'guidance: {cut_overview: "[12]*400+[4]*500"}',
        "3:26: guidance.cut_overview: these are 900 values",
    ),
    (
        'guidance: {cut_overview: "[12]*400+4*600"}',
        '3:38: guidance.cut_overview: expected "[", found "600"',
    ),
    (
        "guidance: {cut_overview: [12 for 40%, 4 for 40%]}",
        "3:26: guidance.cut_overview: the shares add up to 80%",
    ),
    (
        "guidance: {cut_overview: {10%: 4}}",
        "3:26: guidance.cut_overview: no value at the beginning",
    ),
    (
        "guidance: {tv_scale: {0.5: 3}}",
        "3:22: guidance.tv_scale: keys below 1 are shares of the denoising, and are written",
    ),
    (
        "guidance: {cut_overview: 0, cut_innercut: 0}",
        "3:43: guidance.cut_innercut: cut_overview and cut_innercut are both 0 at progress 0",
    ),
    ("camera: {zoom: 0}", "3:16: camera.zoom: zoom is 0"),
    ("camera: {zoom: {0: 1, 20: -1}}", "3:16: camera.zoom: zoom is 0 at frame 10 (0:00.42)"),
    ("camera: {zoom: big}", '3:16: camera.zoom: unknown name "big"'),
    (
        "camera: {zoom: [1, 2]}",
        "3:16: camera.zoom: expected a number, a mapping of times to numbers or a formula,",
    ),
    (
        "camera: {zoom: true}",
        "3:16: camera.zoom: expected a number, a mapping of times to numbers or a formula,",
    ),
    (
        "camera: {zoom:}",
        "3:15: camera.zoom: expected a number, a mapping of times to numbers or a formula,",
    ),
    ("camera: {zoom: .inf}", "3:16: camera.zoom: expected a finite number, found inf"),
    ("camera: {zoom: {}}", "3:16: camera.zoom: a curve without keys"),
    (
        "camera: {zoom: {0: 1, 20: {value: 2, ease: in_outt}}}",
        '3:44: camera.zoom.20.ease: unknown ease "in_outt" (did you mean "in_out"?)',
    ),
    ("camera: {zoom: {0: 1, 20: {ease: in}}}", "3:27: camera.zoom.20: a key without value"),
    (
        "camera: {zoom: {0: 1, 20: {value: 2, easing: in}}}",
        '3:38: camera.zoom.20.easing: unknown key (did you mean "ease"?)',
    ),
    (
        "camera: {zoom: {0: 1, 20: two}}",
        '3:27: camera.zoom.20: expected a number or {value, ease}, found "two"',
    ),
    ("camera: {zoom: {0: 1, 0s: 2}}", "3:23: camera.zoom.0s: frame 0 and 0s are both frame 0"),
    (
        "camera: {mode: 2d, translate_z: 3}",
        "3:33: camera.translate_z: translate_z is for a 3d camera: write mode: 3d, or remove",
    ),
    ("camera: {fov: 180}", "3:15: camera.fov: fov is 180"),
]


@pytest.mark.parametrize(("text", "told"), NUMBERS)
def test_numbers_that_move_and_the_old_notation(
    tmp_path: Path, text: str, told: str | tuple[str, ...]
) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)


FORMULAS = [
    (
        'camera: {zoom: "1 + sim(t)"}',
        '3:21: camera.zoom: "sim" is not a function (did you mean "sin"?)',
    ),
    (
        'camera: {zoom: "1 + "}',
        "3:20: camera.zoom: the formula ends where a number or name is missing",
    ),
    ('camera: {zoom: "(1 + t"}', '3:16: camera.zoom: "(" is not closed'),
    ('camera: {zoom: "1 + t)"}', '3:22: camera.zoom: ")" closes nothing'),
    ('camera: {zoom: "2t"}', '3:18: camera.zoom: there is no operator before "t"'),
    ('camera: {zoom: "1 ^ 2"}', '3:19: camera.zoom: "^" is not allowed'),
    ('camera: {zoom: "sin()"}', "3:16: camera.zoom: sin has 0 values"),
    ('camera: {zoom: "sin(1, 2)"}', "3:16: camera.zoom: sin has 2 values"),
    ('camera: {zoom: "t = 1"}', '3:19: camera.zoom: "=" is not allowed'),
    ('camera: {zoom: "1 if t"}', '3:16: camera.zoom: "if" and "else" go together: a if c else b'),
    ("camera: {zoom: \"__import__('os')\"}", '3:28: camera.zoom: "\'" is not allowed'),
    ('camera: {zoom: "t.real"}', '3:16: camera.zoom: unknown name "t.real"'),
    (
        'camera: {zoom: "1 / 0"}',
        '3:16: camera.zoom: "1 / 0" is not a finite number at frame 0 (value inf)',
    ),
    ('camera: {zoom: "[t]"}', '3:16: camera.zoom: "[" is not allowed'),
    ('camera: {zoom: "low"}', '3:16: camera.zoom: "low" needs the sound of the song'),
    ('camera: {zoom: "kick(relese=1)"}', '3:16: camera.zoom: "kick" needs the sound of the song'),
    ('camera: {zoom: "kik"}', '3:16: camera.zoom: unknown name "kik"'),
    ('camera: {zoom: "beat"}', '3:16: camera.zoom: "beat" needs a tempo'),
    ('camera: {zoom: "9 ** 9 ** 9"}', "3:22: camera.zoom: an exponent lies from -64 to 64"),
    ('camera: {zoom: "clamp(t, 0)"}', "3:16: camera.zoom: clamp has 2 values"),
    ('camera: {zoom: "1,5 * t"}', "3:16: camera.zoom: this is not allowed"),
    (
        'camera: {zoom: "sqrt(t - 1)"}',
        '3:16: camera.zoom: "sqrt(t - 1)" is not a finite number at frame 0 (value nan)',
    ),
    (
        'camera: {zoom: "lambda: 1"}',
        '3:16: camera.zoom: expected a frame number, found "lambda: 1"',
    ),
    ("camera: {zoom: \"'a'\"}", '3:16: camera.zoom: "\'" is not allowed'),
    ('camera: {zoom: "band(60)"}', '3:16: camera.zoom: "band" needs the sound of the song'),
    ('camera: {zoom: "t * π"}', '3:21: camera.zoom: "π" is not allowed'),
    ('camera: {zoom: "not_a_name + 1"}', '3:16: camera.zoom: unknown name "not_a_name"'),
    ('camera: {zoom: "every(2 beats)"}', '3:16: camera.zoom: "every(2 beat)" needs a tempo'),
    ('camera: {zoom: "sin t"}', "3:21: camera.zoom: a function has brackets; write sin(t)"),
    ('camera: {zoom: "accumulate()"}', "3:16: camera.zoom: accumulate has 0 values"),
]


@pytest.mark.parametrize(("text", "told"), FORMULAS)
def test_formulas(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)


TIMES = [
    (
        "camera: {zoom: {0: 1, 4x: 2}}",
        '3:23: camera.zoom.4x: a time is a frame number such as 96, or "4s", "250ms", "1:30",',
    ),
    ("camera: {zoom: {0: 1, bar 3: 2}}", '3:23: camera.zoom.bar 3: "bar 3" needs a tempo'),
    (
        "camera: {zoom: {0: 1, -1: 2}}",
        "3:23: camera.zoom.-1: a time cannot lie before the first frame",
    ),
    (
        "camera: {zoom: {0: 1, 0.5: 2}}",
        "3:23: camera.zoom.0.5: found 0.5, and a number alone counts whole frames",
    ),
    ("camera: {zoom: {0: 1, bar 0: 2}}", '3:23: camera.zoom.bar 0: "bar 0" needs a tempo'),
    (
        "camera: {zoom: {0: 1, shot: 2}}",
        '3:23: camera.zoom.shot: a time is a frame number such as 96, or "4s", "250ms",',
    ),
    (
        'camera: {zoom: {0: 1, "1,5s": 2}}',
        '3:23: camera.zoom.1,5s: a time is a frame number such as 96, or "4s", "250ms",',
    ),
    (
        "camera: {zoom: {0: 1, 5 bras: 2}}",
        '3:23: camera.zoom.5 bras: a time is a frame number such as 96, or "4s", "250ms",',
    ),
    ("camera: {zoom: {0: 1, beat -1: 2}}", '3:23: camera.zoom.beat -1: "beat -1" needs a tempo'),
    (
        "music: {bpm: 120}\ncamera: {zoom: {0: 1, bar 0: 2}}",
        "4:23: camera.zoom.bar 0: bars count from 1",
    ),
    (
        "music: {bpm: 120}\ncamera: {zoom: {0: 1, bar 1 beat 9: 2}}",
        "4:23: camera.zoom.bar 1 beat 9: a bar has 4 beats",
    ),
    (
        "music: {bpm: 120}\ncamera: {zoom: {0: 1, barr 2: 2}}",
        '4:23: camera.zoom.barr 2: a time is a frame number such as 96, or "4s", "250ms",',
    ),
]


@pytest.mark.parametrize(("text", "told"), TIMES)
def test_times(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)

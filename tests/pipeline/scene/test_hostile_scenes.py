"""Scenes that nobody means well with: each is read or refused in words, at once."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest

from keyframes.quoting import visible
from pipeline.errors import MOST_SHOWN, Error, SceneError
from pipeline.plan.extent import extent
from pipeline.scene.load import load_scene

ROOT = Path(__file__).parents[3]
SCENES = sorted((ROOT / "scenes").glob("*.yaml"))
JSON = """\
{"video": {"size": [64, 48], "fps": "30000/1001", "duration": "4 bars", "title": "a \\u706f"},
 "music": {"bpm": 97.3}, "prompts": {"0s": "a", "bar 2": [{"text": "b", "weight": -0.5}, "c"]},
 "camera": {"mode": "2d", "roll": "0.3 * sin(t)", "zoom": "0: (1.0), 5: (1.2)"},
 "guidance": {"cut_overview": "[12]*400+[4]*600", "tv_scale": {"0%": 3, "50%": 1}},
 "sampler": {"init_image": "none", "symmetry": {"vertical": [0.5]}}, "output": {"crf": 3}}
"""

ESCAPES = (
    *(r"\ud83d", r"\ude00", r"\ud83d\ude00", r"\uDFFF\uD800", r"\U0000d800", r"\U00110000"),
    *(r"\UFFFFFFFF", r"\UDEADBEEF", r"\0", r"\e[2J", r"\a", r"\x9b", r"\N", r"\L", r"\uFFFE"),
    *(r"\u202e", r"\U000e0001", r"\C", r"\Users", r"\new", r"\x", r"\"", r"\\"),
)
RAW = (
    *("\x00", "\x1b[31m", "\ufeff", "\u202e", "\u2028", "\x85", "\t", "\n", "\r", "\xa0", "\ufffe"),
    *("😀", "e\u0301", "\U0010ffff", "&a", "*a", "<<: ", "!!binary ", "? ", "---\n", "%YAML 3\n"),
    *("[", "]", "{", "}", ": ", ", ", "- ", "#", "|", ">", "'", '"', "~", "@", "`", "%"),
)
NUMBERS = (
    *("1e999", "-.inf", ".nan", "0x" + "f" * 240, "9" * 240, "9" * 9000, "-0", "1e-320", "0o777"),
    *("1/999999999", "1/0", "999999:59", "bar 1e9", "1000001", "9" * 15, "[" * 40, "x" * 70_000),
    *("2**9**9", "((((1))))", "[1]*" + "9" * 30, "0: (1), 0: (2)", "200%", "sin(" * 60, "true"),
)
SEED = 20261128
MUTATIONS = 400
SECONDS_EACH = 5.0


def mutated(text: str, chance: random.Random) -> str:
    """`text` with one to three of its places changed."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 0, 1, 3, 12)))
        put = chance.choice(chance.choice((ESCAPES, RAW, NUMBERS)))
        if chance.random() < 0.6:
            put = f'"{put}"' if chance.random() < 0.7 else f"'{put}': "
        text = text[:start] + put + text[end:]
    return text


def outcome(path: Path) -> str:
    """What is said of a scene; whatever else than an `Error` is raised ends the test."""
    try:
        return f"{extent(load_scene(path)).frames} frames"
    except SceneError as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)
        assert len(str(error).splitlines()) <= MOST_SHOWN + 1
        return str(error)
    except Error as error:
        return str(error)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_whatever_is_written_is_read_or_refused_in_words(tmp_path: Path, part: int) -> None:
    chance = random.Random(SEED + part)
    originals = [JSON, *(scene.read_text(encoding="utf-8") for scene in SCENES)]
    path = tmp_path / "scene.yaml"
    (tmp_path / "music").symlink_to(ROOT / "scenes" / "music")
    refused = 0
    for _ in range(MUTATIONS // 4):
        text = mutated(chance.choice(originals), chance)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        start = process_time()
        said = outcome(path)
        assert process_time() - start < SECONDS_EACH, text[:2000]
        assert visible(said, keep="\n") == said
        assert max(map(len, said.splitlines()), default=0) < 1000 + len(str(path))
        said.encode()
        refused += not said.endswith(" frames")
    assert refused > MUTATIONS // 10


@pytest.mark.parametrize("scene", [JSON, *(path.read_text(encoding="utf-8") for path in SCENES)])
def test_the_scenes_that_are_changed_are_good_ones(tmp_path: Path, scene: str) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(scene, encoding="utf-8")
    for folder in ("music", "paths", "pictures"):
        (tmp_path / folder).symlink_to(ROOT / "scenes" / folder)
    assert outcome(path).endswith(" frames")


def aliases(depth: int) -> str:
    """Lists of ten aliases each, one inside the other."""
    names = [f"n{place}" for place in range(depth)]
    lines = ["n0: &n0 [x, x, x, x, x, x, x, x, x, x]\n"]
    for below, name in pairwise(names):
        lines.append(f"{name}: &{name} [{', '.join([f'*{below}'] * 10)}]\n")
    return "".join(lines)


GOOD = "video: {size: [96, 64], duration: 1s}\nprompts: a lighthouse\n"


def curve(keys: Iterable[str]) -> str:
    return f"camera: {{mode: 2d, roll: {{{', '.join(keys)}}}}}\n"


def shots(count: int) -> str:
    return "shots:\n" + "".join(f"  - {{name: s{n}, until: {n + 1}}}\n" for n in range(count))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (aliases(12), "more than 50,000 values"),
        (f'a: &a "{"x y" * 3000}"\nb: [{"*a, " * 2000}*a]\n', "or 10,000,000 characters"),
        ("a: " + "[" * 100_000, "nested too deeply"),
        ("a: " + "{a: " * 50_000, "nested too deeply"),
        ("a: '" + "x" * 2_000_000 + "'", "larger than a scene can be (2,000,000 bytes)"),
        (f"{'k' * 900}: {'v' * 100_000}\n", "unknown key"),
        ('video: {size: "' + "9, " * 50_000 + '"}\nprompts: a\n', "expected [width, height]"),
        ("".join(f"k{place}: 1\n" for place in range(3000)), "and 2,952 more; mend these first"),
        (GOOD + "".join(f"k{n}: 1\n" for n in range(40_000)), "and 39,950 more; mend these first"),
        (GOOD + "".join(f"k{n}: 1\n" for n in range(90_000)), "more than 50,000 values"),
        (GOOD + curve(f"{n}q: {n}" for n in range(40_000)), "and 151 more; mend these first"),
        (GOOD + curve(f"{n}s: x{n}" for n in range(40_000)), "and 151 more; mend these first"),
        (GOOD + curve(f"{n}s: {n}" for n in range(100_000)), "more than 50,000 values"),
        (GOOD + shots(9_000), "found 9,000 shots; a scene has 500 at most"),
        (GOOD + f"outputs: [{'{}, ' * 9_000}]\n", "found 9,000 outputs; a scene has 100 at most"),
        (GOOD + f"models: {{encoders: [{'clip7, ' * 40_000}]}}\n", "there is no encoder"),
        (GOOD.replace("1s", "1e9 h"), "a duration is a number of frames"),
        (GOOD.replace("1s", "999999999 h"), "a video has from 1 to 1000000 frames"),
        (GOOD + "# no\n" * 90_000 + "camera: {roll: 1\n", "did not find expected"),
        (GOOD + "\n" * 1_900_000, "longer than 100,000 lines"),
    ],
)
def test_what_is_too_much_is_said_soon_and_in_few_words(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    start = process_time()
    said = outcome(path)
    assert process_time() - start < 2 * SECONDS_EACH
    assert words in said
    assert max(map(len, said.splitlines())) < 600 + len(str(path))

"""Scenes made by chance from the schema itself: every setting there is, with what fits and not.

A made scene is plain data. Most of its values are of a kind that some setting takes, so that many
scenes are read, and those that are refused have come far.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

from pydantic import AliasChoices, BaseModel

from pipeline.scene.reading.shot_outline import ShotOutline
from pipeline.scene.schema import Scene

TIMES = (
    *("0s", "1s", "0.5s", "bar 2", "beat 3", "50%", "end", "end - 1s", "bar 2 - 1 beat", "1:00"),
    *("12", "0:01", "2 seconds", "chorus", "chorus + 4 beats", "mark drop", "shot + 1s", "bar 1e9"),
    *("999999h", "-1s", "0.1", "soon", "", "line 1", "bar 2 beat 9", "end + 1h", "1h - 1h + 1h"),
)
LENGTHS = ("1s", "2 beats", "1 bar", "0", "250ms", "1 bar + 2 beats", "-1s", "96 frames", "1e9 h")
WORDS = (
    *("2d", "3d", "auto", "none", "off", "shot", "frame", "wrap", "border", "pinhole", "disco"),
    *(
        "warped",
        "slow",
        "fresh",
        "key",
        "open",
        "ddim",
        "plms",
        "dpm",
        "cut",
        "continue",
        "starter",
    ),
    *("secondary", "lpips", "pyramid", "near", "song", "end", "video.gif", "a.webm", "fp16", "fit"),
)
NAMES = ("a", "swell", "kick", "t", "beat", "x", "depth", "progress", "nothing", "low", "_", "tau")
NUMBERS = (
    *(0, 1, 2, 3, 12, 24, 64, 96, 128, -1, 0.5, 0.25, 1.5, 1e-3, 100, 1000, 65535, 10**6, 10**15),
    *(1e300, -1e300, 1e-300, 2**63, float("inf"), float("nan"), -0.0, 10**200),
)
GOOD_VIDEO = {"size": [96, 64], "fps": 12, "duration": "2s"}
FUNCTIONS = ("sin", "cos", "abs", "min", "max", "noise", "smoothstep", "every", "beat_pulse", "low")
OPERATORS = ("+", "-", "*", "/", "**", "%", "//", "<", ">=", "==", " and ", " or ", "^", "?")
NOISE = "()[]{},:;.'\"\\%0123456789eE+-*/ abtxé燈\u202e\n\t\0"


def formula(chance: Random, depth: int = 3) -> str:
    """A formula of the grammar, or nearly one."""
    kind = chance.random()
    if depth == 0 or kind < 0.25:
        return str(chance.choice((*NAMES, *NUMBERS[:14])))
    if kind < 0.6:
        left, right = formula(chance, depth - 1), formula(chance, depth - 1)
        return f"{left} {chance.choice(OPERATORS)} {right}"
    if kind < 0.8:
        count = chance.choice((0, 1, 1, 2, 3))
        inner = ", ".join(formula(chance, depth - 1) for _ in range(count))
        return f"{chance.choice(FUNCTIONS)}({inner})"
    if kind < 0.9:
        return f"({formula(chance, depth - 1)})"
    if kind < 0.95:
        parts = [formula(chance, depth - 1) for _ in range(3)]
        return f"{parts[0]} if {parts[1]} else {parts[2]}"
    return "".join(chance.choice(NOISE) for _ in range(chance.randint(0, 12)))


def value(chance: Random, depth: int = 2) -> Any:
    """What may be written behind a setting."""
    kind = chance.random()
    if kind < 0.35:
        return chance.choice(NUMBERS[: 15 if chance.random() < 0.8 else None])
    if kind < 0.5:
        return formula(chance)
    if kind < 0.65:
        return chance.choice(WORDS)
    if kind < 0.7:
        return chance.choice((True, False, None, "", [], {}, "0: (1), 5: (2)", "[1]*400+[2]*600"))
    if depth == 0 or kind < 0.75:
        return chance.choice((*TIMES, *LENGTHS))
    if kind < 0.9:
        keys = chance.sample((*TIMES, "0%", "first", "then", "fade", 0, 7), chance.randint(1, 4))
        curve: dict[Any, Any] = {key: value(chance, depth - 1) for key in keys}
        if chance.random() < 0.3:
            curve["ease"] = chance.choice(("in_out", "spring", "hold", [0.4, 0, 0.2, 1], 3))
        return curve
    if kind < 0.95:
        return {"value": value(chance, 0), "ease": value(chance, 0), "blend": value(chance, 0)}
    return [value(chance, depth - 1) for _ in range(chance.randint(0, 3))]


def _prompts(chance: Random, depth: int = 2) -> Any:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(("a lighthouse", "a castle, {lyric}", "a ship", "", 3, None))
    if chance.random() < 0.4:
        weights = (1, -0.3, 0, "sin(t)", 1e9, None)
        return [
            {"text": _prompts(chance, 0), "weight": chance.choice(weights)}
            for _ in range(chance.randint(1, 3))
        ]
    keys = chance.sample(TIMES, chance.randint(1, 4))
    prompts: dict[Any, Any] = {key: _prompts(chance, depth - 1) for key in keys}
    if chance.random() < 0.5:
        prompts["blend"] = chance.choice(LENGTHS)
    return prompts


def section(model: type[BaseModel], chance: Random, most: int = 5) -> dict[Any, Any]:
    """Some of the settings of a section, each with something behind it."""
    names = list(model.model_fields)
    made: dict[Any, Any] = {}
    for name in chance.sample(names, min(len(names), chance.randint(0, most))):
        info = model.model_fields[name]
        alias, inner = info.validation_alias, info.annotation
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias or name]
        is_section = isinstance(inner, type) and issubclass(inner, BaseModel)
        if is_section and chance.random() < 0.9:
            assert isinstance(inner, type)
            made[str(chance.choice(choices))] = section(inner, chance)
        else:
            made[str(chance.choice(choices))] = value(chance)
    return made


def made_scene(chance: Random) -> dict[Any, Any]:
    """A scene that is a good one in what all must have, most of the time."""
    scene = section(Scene, chance, 4)
    duration = chance.choice((1, 5, "1s", "2s", "10 frames", "2 bars", "0:02", "1s + 1s"))
    fps = chance.choice((12, 24, "30000/1001"))
    scene["video"] = {**GOOD_VIDEO, "fps": fps, "duration": duration}
    scene["prompts"] = _prompts(chance)
    if chance.random() < 0.6:
        scene["music"] = {"bpm": chance.choice((60, 120, 97.3)), "sections": {"chorus": "bar 2"}}
    if chance.random() < 0.3:
        scene["vars"] = {name: value(chance) for name in chance.sample(NAMES, 2)}
    if chance.random() < 0.3:
        scene["shots"] = [_shot(chance, index) for index in range(chance.randint(1, 3))]
    for name in ("models", "outputs", "shots"):
        if chance.random() < 0.7 and not isinstance(scene.get(name), list):
            scene.pop(name, None)
    return mutated_data(scene, chance) if chance.random() < 0.4 else scene


def _shot(chance: Random, index: int) -> dict[Any, Any]:
    shot = section(ShotOutline, chance, 3)
    shot["name"] = chance.choice((f"s{index}", "chorus", "a/b", 3)) if index else "s0"
    if chance.random() < 0.7:
        shot["until"] = chance.choice(TIMES)
    for name in ("camera", "sampler", "guidance"):
        if name in shot and chance.random() < 0.9:
            inner = Scene.model_fields[name].annotation
            assert isinstance(inner, type)
            shot[name] = section(inner, chance, 3)
    return shot


def mutated_data(data: Any, chance: Random) -> Any:
    """The data with one of its parts gone, exchanged, or of another kind."""
    if not data or not isinstance(data, dict | list) or chance.random() < 0.2:
        return value(chance, 1)
    keys = list(data) if isinstance(data, dict) else list(range(len(data)))
    at = chance.choice(keys)
    copy = dict(data) if isinstance(data, dict) else list(data)
    kind = chance.random()
    if kind < 0.5:
        copy[at] = mutated_data(copy[at], chance)
    elif kind < 0.6:
        del copy[at]
    elif kind < 0.75:
        other = chance.choice(keys)
        copy[at], copy[other] = copy[other], copy[at]
    elif isinstance(copy, dict):
        copy[chance.choice((f"{at}s", str(at).upper(), 3, "ease", "zoom"))] = copy.pop(at)
    else:
        copy.append(copy[at])
    return copy


def mended(scene: dict[Any, Any], paths: Iterable[str]) -> dict[Any, Any]:
    """The scene without the settings in which mistakes were found, so that the next one may do."""
    copy = {name: dict(one) if isinstance(one, dict) else one for name, one in scene.items()}
    for path in paths:
        name, _, rest = path.partition(".")
        setting = rest.partition(".")[0]
        section = copy.get(name)
        if name in ("video", "prompts"):
            copy[name] = {"video": GOOD_VIDEO, "prompts": "a lighthouse"}[name]
        elif isinstance(section, dict) and setting in section:
            del section[setting]
        else:
            copy.pop(name, None)
    return copy

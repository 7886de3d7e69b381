"""Settings files as accidents leave them: made of good ones by chance, the same ones each time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from tests.pipeline.scene.importers.files import FILES, SETTINGS

VALUES = (
    *(None, True, -1, 0, 1e308, -1e308, float("nan"), float("inf"), 10**30, 0.5, [], {}, [[]]),
    *("", "None", "0:(t)", "0:(1/0)", "0:(t**t)", "0:(1), 5:(", "5:(1", "0:(exp(t*9))", "t", ":"),
    *("0:(where(t<5, 1, 2))", "0:(-3)", "0: (1), 0.5: (2)", "0:(sqrt(-1))", "0:(log(t))", "((("),
    *(
        "{lyric}",
        "{{x}}",
        "(a:9999)",
        "a:::b",
        "--neg",
        "\ud800",
        "\x1b[2J",
        "x" * 5000,
        "#",
        "- a",
    ),
    *(
        {"0": "a:1e999"},
        {"x": ["a"]},
        {"0": [":", "a:0"]},
        {"0": ["a:1", "b:-1"]},
        ["a", 3],
        "\u2028",
    ),
    *({"-5": "early"}, {"0": {"a": 1}}, {"1e9": "late"}, "true", "0x10", "[1]*1000", "[300]*1000"),
)
"""Values that a setting does not have."""


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Names of files, and what has become of their content."""
    chance = random.Random(seed)
    for _ in range(count):
        name = chance.choice(FILES)
        content = (SETTINGS / name).read_bytes()
        how = chance.choice((_damaged, _damaged, _revalued))
        yield name, how(content, chance)


def _damaged(content: bytes, chance: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(made))
        end = min(len(made), place + chance.randint(1, 30))
        match chance.randrange(5):
            case 0:
                del made[place:end]
            case 1:
                made[place:place] = made[place:end]
            case 2:
                made[place] = chance.randrange(256)
            case 3:
                made[place:place] = chance.choice((b"(", b")", b",", b":", b'"', b"}", b"9", b"t"))
            case _:
                digits = [at for at in range(place, end) if chr(made[at]).isdigit()]
                for at in digits:
                    made[at] = ord(chance.choice("0123456789.-"))
        if not made:
            return b"{"
    return bytes(made)


def _revalued(content: bytes, chance: random.Random) -> bytes:
    try:
        data = json.loads(content)
    except ValueError:
        return content
    for _ in range(chance.randint(1, 4)):
        data[chance.choice(list(data))] = chance.choice(VALUES)
    return json.dumps(data).encode()

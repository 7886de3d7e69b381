"""Weights and lists of prompts in the notation of other tools, and how they are written here.

Other tools write weights into the words: `fog:-0.3` (Disco Diffusion), `(fog:0.7)`, `((castle))`
and `[fog]` (web interfaces of Stable Diffusion), `castle::2 fog::-1`, `a castle --neg fog`,
`a castle | fog` and `a castle AND fog`. Read as words they would all be drawn.

Convention:
    A text is foreign only where hardly anything else can be meant. A number behind a colon is a
    weight if the colon follows its word at once (`castle:2`) or if the number has a sign or a
    point (`castle: 1.5`), unless there is a digit before the colon, as in `10:30` and `16:9`, or
    the number is greater than any weight, as in a year. `Blade Runner: 2049`, `(in fog)` and
    `RHYTHM AND BLUES` are words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from math import prod

from keyframes.characters import in_curly_quotes
from keyframes.prompts import LARGEST_WEIGHT

Weighted = tuple[str, float]

_AMOUNT = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_NUMBER = rf"[-+]?{_AMOUNT}"
_MARKED = rf"[-+]{_AMOUNT}|[0-9]*\.[0-9]+"
_WEIGHT = rf"(?<![0-9\s:])\s*:(?:\s*(?P<marked>{_MARKED})|(?P<close>{_NUMBER}))"
_AT_END = re.compile(rf"{_WEIGHT}\s*\Z")
_DOUBLE = re.compile(rf"::\s*(?P<number>{_NUMBER})?(?![\w.])")
_IN_BRACKETS = re.compile(rf"\((?P<words>[^()]*?){_WEIGHT}\s*\)")
_STRESSED = re.compile(
    r"(?<!\()(?P<open>\({2,})(?P<up>[^()]+)\){2,}|\[(?=[^][]*[^\W\d_])(?P<down>[^][]+)\]"
)
_NEGATIVE = re.compile(r"(?:\A|\s)--(?:neg|no|negative)\b[\s:]*")
_OPTION = re.compile(r"(?:\A|\s)--(?P<name>[a-z]{1,12})\s+(?P<value>[0-9][0-9.:]*)(?!\S)")
_WORD = re.compile(r"\S+")
_AND = re.compile(r"(?<!\s)\s+AND\s+")
_PICTURE = re.compile(r"\S+\.(?:png|jpe?g|webp|bmp|tiff?|gif)", re.IGNORECASE)
_STRESS = 1.1
"""What one pair of brackets multiplies a weight by, in the tools that have them."""
_AGAINST = -0.3
"""The weight that is proposed for what a picture should not show."""
_PLAIN = re.compile(r"[A-Za-z](?:[\w ./'()-]*[\w.'()])?")
_WORDS_OF_YAML = {"true", "false", "null", "none"}
LONGEST = 200
"""Characters of one text in a proposal; what is cut ends in three dots."""


def foreign_prompt(written: object, *, in_list: bool = False) -> str | None:
    """The message about a prompt in the notation of another tool; None for one of ours.

    With `in_list` the prompt is an item of a list, and the proposal takes its place.
    """
    if isinstance(written, str):
        if (words := in_curly_quotes(written)) is not None:
            return f"curly quotes would be read as letters; write {json_text(words)}"
        if _PICTURE.fullmatch(written):
            return (
                f"the name of a picture would be read as words; write {{image: {quoted(written)}}}"
            )
        return foreign_weights(written, in_list=in_list)
    if isinstance(written, Mapping) and not {"text", "image", "weight"} & written.keys():
        pairs = weights_by_text(written)
        here = proposal(pairs, in_list=in_list)
        return f"a text and its weight are written with their names: {here}" if pairs else None
    return None


def foreign_weights(text: str, *, in_list: bool = False) -> str | None:
    """The message about a text with foreign weights or prompts inside it; None for one of ours."""
    if option := _OPTION.search(text):
        return (
            f'"--{option["name"]} {option["value"]}" would be words of the prompt; '
            "remove it: sizes, steps and seeds are settings of their own"
        )
    wanted, against = _wanted_and_against(text)
    pieces = list(_split(wanted))
    parts = [part for piece in pieces for part in _weighed(piece)]
    if not against and len(pieces) == 1 and parts == [(text.strip(), 1.0)]:
        return None
    named = prompt_parts(text)
    if not named:
        return None
    what = "a negative prompt" if against else "a weight" if len(pieces) == 1 else "several prompts"
    here = proposal(named, in_list=in_list)
    return (
        f"{what} inside a text would be read as words; write {here}, "
        'or {text: "..."} to keep the text as it is'
    )


def prompt_parts(text: str, *, stresses: bool = True) -> list[Weighted]:
    """The texts inside a prompt of another tool, with their weights; those to avoid below 0.

    Without `stresses` words in brackets stay in their text as they are written.
    """
    weighed = _weighed if stresses else _weighed_at_end
    wanted, against = _wanted_and_against(text)
    parts = [part for piece in _split(wanted) for part in weighed(piece)]
    parts += [(words, _AGAINST * abs(n)) for piece in against for words, n in weighed(piece)]
    return [(words, weight) for words, weight in parts if words]


def _wanted_and_against(text: str) -> tuple[str, list[str]]:
    wanted, *against = _NEGATIVE.split(text)
    return wanted, against


def proposal(parts: Sequence[Weighted], *, in_list: bool = False) -> str:
    """How prompts and their weights are written here."""
    items = ", ".join(f"{{text: {quoted(text)}, weight: {weight:.6g}}}" for text, weight in parts)
    return items if in_list or len(parts) == 1 else f"[{items}]"


def weights_by_text(written: Mapping[object, object]) -> tuple[Weighted, ...]:
    """The prompts of `{a castle: 1, fog: -0.3}`, texts with a number behind each; else none."""
    pairs = tuple(
        (text, float(weight))
        for text, weight in written.items()
        if isinstance(text, str)
        and isinstance(weight, int | float)
        and not isinstance(weight, bool)
    )
    return pairs if len(pairs) == len(written) else ()


def _split(text: str) -> Iterator[str]:
    """The prompts between `|`, `AND` or `::`, or behind commas if weighed, with their weights."""
    for piece in text.split("|"):
        for part in _at_double_colons(piece) if _DOUBLE.search(piece) else _at_and(piece):
            between = part.split(",")
            weighed = any(_AT_END.search(item.strip()) for item in between[:-1])
            yield from between if weighed else (part,)


def _at_double_colons(text: str) -> Iterator[str]:
    """`castle::2 fog` to `castle:2` and `fog`."""
    start = 0
    for mark in _DOUBLE.finditer(text):
        yield f"{text[start : mark.start()].strip()}:{mark['number'] or 1}"
        start = mark.end()
    if text[start:].strip():
        yield text[start:]


def _at_and(text: str) -> Iterator[str]:
    start = 0
    for mark in _AND.finditer(text):
        before = text[start : mark.start()].rsplit(None, 1)
        after = _WORD.match(text, mark.end())
        if before and after and not (_in_capitals(before[-1]) or _in_capitals(after[0])):
            yield text[start : mark.start()]
            start = mark.end()
    yield text[start:]


def _in_capitals(word: str) -> bool:
    return word.isupper()


def _weighed_at_end(text: str) -> list[Weighted]:
    """A prompt with its weight."""
    words, weight = text.strip(), 1.0
    end = _AT_END.search(words)
    if end and (number := _number(end)) is not None:
        words, weight = words[: end.start()].strip(), number
    return [(words, weight)]


def _weighed(text: str) -> list[Weighted]:
    """A prompt with its weight, and its stressed words with the difference of theirs."""
    ((words, weight),) = _weighed_at_end(text)
    stressed = [
        (match["words"].strip(), number)
        for match in _IN_BRACKETS.finditer(words)
        if (number := _number(match)) is not None
    ]
    stressed += [
        (match["up"] or match["down"], round(_STRESS ** _pairs(match), 2))
        for match in _STRESSED.finditer(words)
    ]
    if not stressed:
        return [(words, weight)]
    plain = _STRESSED.sub(lambda match: match["up"] or match["down"], words)
    plain = _IN_BRACKETS.sub(lambda match: match["words"], plain).strip("( )")
    if plain == stressed[0][0]:
        return [(plain, weight * prod(number for _, number in stressed))]
    return [(plain, weight), *((some, weight * (number - 1)) for some, number in stressed)]


def _pairs(match: re.Match[str]) -> int:
    """Pairs of round brackets, or -1 for square ones, which weaken."""
    return len(match["open"]) if match["open"] else -1


def _number(match: re.Match[str]) -> float | None:
    """The weight that a match writes; None for one beyond LARGEST_WEIGHT."""
    weight = float(match["marked"] or match["close"])
    return weight if abs(weight) <= LARGEST_WEIGHT else None


def quoted(text: str) -> str:
    """A text as it can stand in a YAML mapping in braces; the end of a long one is cut off."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if is_plain and len(text) <= LONGEST else json_text(text)


def json_text(text: str) -> str:
    """A text as a JSON string, in straight quotes; the end of a long one is cut off."""
    return json.dumps(text if len(text) <= LONGEST else f"{text[:LONGEST]}...", ensure_ascii=False)

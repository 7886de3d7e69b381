"""What the starter makes of the words of a prompt: its subjects, and what means nothing to it.

Words that its vocabulary does not have are told where they are of content. These are not:

- what joins words (`CONNECTING`), and the field's words of style and praise (`STYLE`);
- what has a digit in it, such as `16k` and `1997`;
- who made it: what follows "by", but for an article or a known ground or hour ("by the sea",
  "by night"), and what follows "style of", up to a preposition or the end of the phrase;
- names: a phrase behind the first that is two or more words with capitals, none of them known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from keyframes.nearest import nearest
from pipeline.catalogue.starter_facts import SUBJECTS, SURROUNDINGS
from pipeline.catalogue.starter_filler import CONNECTING, STYLE
from pipeline.catalogue.starter_nearest import NEAREST
from pipeline.catalogue.word_tokenizer import words_of

_PHRASE = re.compile(r"[^,.;:|!?()\[\]\n]+")
_DIGIT = re.compile(r"\d")

_SUBJECT_OF = {word: name for name, words in SUBJECTS.items() for word in words}
_PARTS_AND_PLACES = {"tower", "mountains", "peak", "summit", "home", "passage", "route", "street"}
"""Words for a subject that may as well stand for a part of another, or for where that is."""
_NAMED = {*_SUBJECT_OF, *SURROUNDINGS}
_ARTICLES = {"a", "an", "the", "its", "his", "her", "my", "our", "their", "this", "some", "one"}
_PLACING = {"in", "on", "at", "with", "over", "under", "above", "across", "during", "near", "from"}
_MANNERS = {"style", "styles", "manner"}

_SPELT_ALIKE = 0.82
_LETTERS = 5
"""How much alike, and how long, words are that may be one mistyped: of shorter ones, and of those
that begin with another letter, too many are good words of another meaning."""


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The words of a prompt, as the starter knows them."""

    subjects: tuple[str, ...]
    """Names of the subjects that it knows, of `SUBJECTS`, each once.

    Words that may be part of another subject count where there is no other.
    """
    unknown: tuple[str, ...]
    """Words of content that mean nothing to it, in small letters, each once."""
    lost: bool
    """Whether it knows no subject, and more is asked for than a ground and a sky that it knows."""


def read_words(text: str, vocabulary: Collection[str]) -> WordsRead:
    """The words of a text, for an encoder that has the words of `vocabulary`."""
    words = words_of(text)
    subjects = _subjects(words, vocabulary)
    unknown = list(_unknown(text, vocabulary))
    around = any(word in SURROUNDINGS and word in vocabulary for word in words)
    lost = not subjects and (any(one.is_thing for one in unknown) or not around)
    return WordsRead(subjects, tuple(dict.fromkeys(one.word for one in unknown)), lost)


def _subjects(words: Sequence[str], vocabulary: Collection[str]) -> tuple[str, ...]:
    known = {word for word in _SUBJECT_OF if word in vocabulary}
    # A rocket ship is one thing.
    heads = [word for before, word in pairwise(["", *words]) if before not in known]
    named = [word for word in heads if word in known]
    clear = [word for word in named if word not in _PARTS_AND_PLACES]
    return tuple(dict.fromkeys(_SUBJECT_OF[word] for word in clear or named))


def nearest_known(word: str, vocabulary: Collection[str]) -> str:
    """The end of a message about an unknown word: ` (nearest: "mountain")`.

    By what words mean; else one that is spelt alike, as `keyframes.nearest` has it. Empty where
    nothing comes near.
    """
    near = _nearest(word)
    if near is not None:
        return f' (nearest: "{near}")' if near in vocabulary else ""
    alike = [one for one in vocabulary if len(one) >= _LETTERS and one[0] == word[0]]
    return nearest(word, alike, alike=_SPELT_ALIKE) if len(word) >= _LETTERS else ""


def _nearest(word: str) -> str | None:
    """What comes nearest to a word or its singular; None for a word that `NEAREST` lacks."""
    forms = [word]
    if word.endswith("s"):
        forms += [word[:-1], word.removesuffix("es"), f"{word.removesuffix('ies')}y"]
    return next((NEAREST[form] for form in forms if form in NEAREST), None)


@dataclass(frozen=True, slots=True)
class _Unknown:
    word: str
    is_thing: bool
    """Whether it is what the picture is to show, and not how, where or when that is."""


def _unknown(text: str, vocabulary: Collection[str]) -> Iterator[_Unknown]:
    """The unknown words of content; things are looked for in the first phrase."""
    for place, phrase in enumerate(_PHRASE.findall(text)):
        words = list(_without_hands(words_of(phrase)))
        if place and _is_name(phrase, words, vocabulary):
            continue
        for word, following in pairwise([*words, ""]):
            if word not in vocabulary and _is_content(word):
                near = _nearest(word)
                names = following not in _NAMED and (not near or near in _SUBJECT_OF)
                yield _Unknown(word, names and not place)


def _is_content(word: str) -> bool:
    is_filler = word in CONNECTING or word in STYLE
    return len(word) > 1 and not is_filler and not _DIGIT.search(word)


def _without_hands(words: Sequence[str]) -> Iterator[str]:
    """The words of a phrase, without those that name who made the picture."""
    hands = False
    for before, word, following in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word == "by":
            hands = following not in _ARTICLES and following not in _NAMED
        hands = hands and word not in _PLACING
        if not hands:
            yield word
        hands = hands or (word == "of" and before in _MANNERS)


def _is_name(phrase: str, words: Sequence[str], vocabulary: Collection[str]) -> bool:
    spelt = re.findall(r"[^\W\d_]+", phrase)
    return len(words) > 1 and all(
        word[0].isupper() and word.lower() not in vocabulary and _nearest(word.lower()) is None
        for word in spelt
    )

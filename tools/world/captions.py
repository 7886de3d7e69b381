"""Captions: endless ways to say what a picture's attributes are, and nothing else.

A caption is drawn from the attributes alone, as often as wanted. It names the subject, and at times
leaves out the rest, so that short prompts are understood as well as long ones. Where there is none,
it speaks of the ground and of what stands over it: "stars over the sea".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tools.world import style_words
from tools.world import words as vocabulary
from tools.world.attributes import NONE, Attributes
from tools.world.editions import OF_TODAY, Edition
from tools.world.known import Known, forget

_BARE = 0.8
"""How often a picture without a subject is not called a landscape, but what it shows."""
_SCHEME_ALONE = 0.04
"""How often nothing but the colour of the whole is told, as the second of two prompts may do."""
_AS_ADJECTIVE = 0.25
_ROUGH_SEAS = 0.25
_FILLER_COUNTS = (0, 0, 0, 0, 1, 1, 2, 3)
_CASES = (str.lower, str.lower, str.lower, str.capitalize, str.capitalize, str.title)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_PUNCTUATION = re.compile(r"\s+([,.])")
_CONNECTIVES = "a an the of and with in on"


def caption(rng: np.random.Generator, attributes: Attributes, edition: Edition = OF_TODAY) -> str:
    """One of countless captions that are true of every picture with these `attributes`.

    In an edition with styles gouache has words too; in one without, they are said of any picture.
    """
    known = forget(rng, attributes, edition)
    alone = known.scheme and rng.random() < _SCHEME_ALONE
    if alone and attributes.style == NONE:
        return _tidy(rng, _scheme(rng, known))
    form = _FORMS[int(np.searchsorted(np.cumsum(_FORM_ODDS), rng.random(), side="right"))]
    if known.subject == NONE and (known.ground or known.time) and rng.random() < _BARE:
        form = _bare
    return _tidy(rng, form(rng, known))


def words(edition: Edition = OF_TODAY) -> frozenset[str]:
    """Every word that a caption of an edition can contain, in lower case, split as the tokenizer
    splits; the first two editions speak alike."""
    modules = (vocabulary, style_words) if "style" in edition.counts else (vocabulary,)
    constants = [one for module in modules for one in vars(module).items()]
    nested = [value for name, value in constants if name.isupper()]
    texts = [*_texts(nested), _CONNECTIVES, *_texts(edition.values)]
    plain = " ".join(texts).lower().replace("{c}", " ")
    return frozenset(_WORD.findall(plain)) - {NONE}


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)


def _pick(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def _sentence(rng: np.random.Generator, known: Known) -> str:
    """An opening, the subject and what it does, the ground; then time, scheme, filler by commas."""
    adjective, phrases = _hour_and_weather(rng, known)
    head = " ".join(part for part in (_subject(rng, known, adjective), _place(rng, known)) if part)
    return _with_tail(rng, known, head, phrases)


def _hour_and_weather(rng: np.random.Generator, known: Known) -> tuple[str, list[str]]:
    """An adjective that tells the hour or the weather, or "", and phrases for what it does not."""
    told = {
        known.time: (vocabulary.TIME_ADJECTIVES, vocabulary.TIME_PHRASES),
        known.weather: (vocabulary.WEATHER_ADJECTIVES, vocabulary.WEATHER_PHRASES),
    }
    adjective, phrases = "", []
    for value, (adjectives, others) in told.items():
        if value and not adjective and rng.random() < _AS_ADJECTIVE:
            adjective = _pick(rng, adjectives[value])
        elif value:
            phrases.append(_pick(rng, others[value]))
    return adjective, phrases


def _with_tail(rng: np.random.Generator, known: Known, head: str, phrases: Sequence[str]) -> str:
    """The head, some of the phrases behind it, and by commas the others, the scheme and filler."""
    tail = [_scheme(rng, known), known.manner.phrase]
    for phrase in phrases:
        if rng.random() < 0.6:
            head = f"{head} {phrase}"
        else:
            tail.append(phrase)
    tail = [part for part in tail if part]
    rng.shuffle(tail)
    return ", ".join([head, *tail, *_filler(rng, known)])


def _bare(rng: np.random.Generator, known: Known) -> str:
    """A picture without a subject: its ground, what stands over it, or one over the other."""
    opening = _pick(rng, known.manner.openings)
    phrases = []
    if known.weather:
        phrases.append(_pick(rng, vocabulary.WEATHER_PHRASES[known.weather]))
    sky = _pick(rng, vocabulary.SKIES[known.time]) if known.time else ""
    ground = _named_ground(rng, known) if known.ground else ""
    if sky and ground and rng.random() < 0.6:
        head = f"{sky} {_pick(rng, ('over', 'over', 'above'))} {ground}"
    elif ground:
        head = ground
        phrases += [_pick(rng, vocabulary.TIME_PHRASES[known.time])] if known.time else []
    else:
        head = sky
    return _with_tail(rng, known, f"{opening} {head}", phrases)


def _classic(rng: np.random.Generator, known: Known) -> str:
    """The way the field has written since its first notebooks, in its most usual words."""
    subject = vocabulary.SUBJECTS[known.subject][0]
    doing = _pick(rng, vocabulary.SUBJECT_DOINGS[known.subject])
    head = f"{known.manner.classic} a singular {known.subject_colour} {subject}, {doing}"
    if known.ground:
        preposition = "across" if known.ground == "sea" else "in"
        rough = _pick(rng, vocabulary.ROUGH) if known.ground == "sea" else ""
        colour = f"of {_colour(rng, known.ground_colour)}" if known.ground_colour else ""
        head += f" {preposition} a {rough} {vocabulary.GROUNDS[known.ground][0]} {colour}"
    if known.time and rng.random() < 0.5:
        head += f" {_pick(rng, vocabulary.TIME_PHRASES[known.time])}"
    if known.weather:
        head += f" {_pick(rng, vocabulary.WEATHER_PHRASES[known.weather])}"
    scheme = f"{vocabulary.COLOUR_WORDS[known.scheme][0]} color scheme" if known.scheme else ""
    end = _pick(rng, ("", "by greg rutkowski and thomas kinkade, Trending on artstation"))
    return ", ".join(part for part in (head, known.manner.phrase, end, scheme) if part)


def _subject(rng: np.random.Generator, known: Known, adjective: str) -> str:
    noun = _pick(rng, vocabulary.SUBJECTS[known.subject])
    colour = _colour(rng, known.subject_colour)
    opening = _pick(rng, known.manner.openings)
    article = _pick(rng, vocabulary.ARTICLES)
    doing = _pick(rng, vocabulary.SUBJECT_DOINGS[known.subject]) if rng.random() < 0.4 else ""
    comma = "," if doing and rng.random() < 0.5 else ""
    return f"{opening} {article} {adjective} {colour} {noun}{comma} {doing}"


def _place(rng: np.random.Generator, known: Known) -> str:
    if not known.ground:
        return ""
    preposition = _pick(rng, vocabulary.GROUND_PREPOSITIONS[known.ground])
    return f"{preposition} {_named_ground(rng, known)}"


def _named_ground(rng: np.random.Generator, known: Known) -> str:
    noun = _pick(rng, vocabulary.GROUNDS[known.ground])
    article = _pick(rng, ("a", "a", "the", "the", ""))
    colour = _colour(rng, known.ground_colour)
    adjective = _ground_adjective(rng, known)
    if colour and rng.random() < 0.55:
        return f"{article} {adjective} {noun} of {colour}"
    return f"{article} {adjective} {colour} {noun}"


def _ground_adjective(rng: np.random.Generator, known: Known) -> str:
    """An adjective of the ground, or ""; seas are rough at any hour, lest the word mean storm."""
    draw = rng.random()
    if known.ground == "sea" and draw < _ROUGH_SEAS:
        return _pick(rng, vocabulary.ROUGH)
    return _pick(rng, vocabulary.GROUND_ADJECTIVES[known.ground]) if draw > 0.75 else ""


def _scheme(rng: np.random.Generator, known: Known) -> str:
    if not known.scheme:
        return ""
    return _pick(rng, vocabulary.SCHEME_PHRASES).format(c=_colour(rng, known.scheme))


def _colour(rng: np.random.Generator, colour: str) -> str:
    return _pick(rng, vocabulary.COLOUR_WORDS[colour]) if colour else ""


def _filler(rng: np.random.Generator, known: Known) -> list[str]:
    count = _FILLER_COUNTS[int(rng.integers(len(_FILLER_COUNTS)))]
    return [_pick(rng, known.manner.filler) for _ in range(count)]


def _list(rng: np.random.Generator, known: Known) -> str:
    """Bare words: `lighthouse night`, `castle, red forest, dawn, green palette`."""
    subject = (
        f"{_colour(rng, known.subject_colour)} {_pick(rng, vocabulary.SUBJECTS[known.subject])}"
    )
    rest = [_scheme(rng, known), known.manner.listed]
    if known.ground:
        ground = _pick(rng, vocabulary.GROUNDS[known.ground])
        rest.append(f"{_colour(rng, known.ground_colour)} {ground}")
    if known.time:
        rest.append(_pick(rng, vocabulary.TIME_WORDS[known.time]))
    if known.weather:
        rest.append(_pick(rng, vocabulary.WEATHER_WORDS[known.weather]))
    rest = [part for part in rest if part]
    rng.shuffle(rest)
    # Without commas a colour or a style would seem to belong to the word behind it.
    coloured = known.scheme or known.ground_colour or known.subject_colour
    separator = ", " if coloured or known.manner.listed or rng.random() < 0.5 else " "
    return separator.join([subject, *rest, *_filler(rng, known)[:1]])


_FORMS = (_sentence, _list, _classic)
_FORM_ODDS = (0.76, 0.16, 0.08)


def _tidy(rng: np.random.Generator, text: str) -> str:
    tidy = _PUNCTUATION.sub(r"\1", " ".join(text.split())).strip(" ,")
    tidy = re.sub(r"\ba (?=[aeio])", "an ", tidy)
    cased = _CASES[int(rng.integers(len(_CASES)))](tidy)
    return cased + ("." if rng.random() < 0.1 else "")

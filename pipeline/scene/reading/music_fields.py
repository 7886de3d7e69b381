"""Readers of the settings of `music` that no other section has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from keyframes.number_slips import with_points
from keyframes.quoting import quoted_path
from keyframes.time_grammar import Count, amount, count, offset, plain, share
from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader, is_number, number
from pipeline.scene.reading.moving import existing_file, sound_at
from pipeline.scene.reading.ranges import Range, between

AUTO = "auto"
BPM = between(20, 400)

_RANGE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) *(?:to|-) *([0-9]{1,3}(?:\.[0-9]{1,6})?)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORDS = ("start", "end", "blend", "ease", "song")
_BEGINNINGS = ("mark ", "line ", "shot ")


_HINT = {"auto": (forms.text("a range", "^[^a-z]+(to|-)"), "Bounds of what is heard: `80 to 110`.")}
_TEMPO = forms.either(
    forms.numeral(BPM),
    forms.words(AUTO),
    forms.keyed(_HINT, (AUTO,)),
    what="20 to 400, `auto`, `{auto: 80 to 110}`",
)
_MIDI = forms.text("a MIDI file")
_MIDI_BEGINS = b"MThd"
_TIME = forms.Form({"type": ["number", "string"]}, "a time")
TIMES = forms.named(_TIME, "names and times")


def seconds_form(allowed: Range) -> forms.Form:
    """Seconds in the song."""
    return forms.either(forms.numeral(allowed), forms.text("", "[0-9]"))


@dataclass(frozen=True, slots=True)
class Auto:
    """A tempo that is heard, from `low` to `high` beats a minute where these are known."""

    low: float | None = None
    high: float | None = None


TempoMap = tuple[tuple[Count, float], ...]
"""Places in the music, and the beats a minute from each on."""

Times = Mapping[str, str | float]
"""Names, and their times as they were written."""


def tempo_or_auto() -> Reader:
    """Reader of beats a minute, of `auto`, and of `{auto: 80 to 110}`."""
    steady = number(BPM, "of beats a minute")

    def read(value: Any, info: ValidationInfo) -> object:
        if value == AUTO:
            return Auto()
        return _hint(value) if isinstance(value, Mapping) else steady.read(value, info)

    return Reader(read, _TEMPO)


def _hint(written: Mapping[Any, Any]) -> Auto:
    words = written.get(AUTO)
    match = _RANGE.fullmatch(words.strip()) if isinstance(words, str) else None
    if match is None or len(written) > 1:
        raise ValueError(
            "expected a range of beats a minute, such as {auto: 80 to 110}; found "
            f"{found(words) if AUTO in written else found(next(iter(written), None))}"
        )
    low, high = float(match[1]), float(match[2])
    if low not in BPM or high not in BPM or low >= high:
        raise ValueError(f"found {found(words)}; a range rises, and allowed are numbers {BPM}")
    return Auto(low, high)


def seconds(allowed: Range) -> Reader:
    """Reader of seconds in the song: 0.5, "0.5s", "500ms" or "1:02.5"."""

    def read(value: Any, info: ValidationInfo) -> float:
        read_seconds = _seconds(value)
        if read_seconds is None:
            form = f'seconds, such as 0.5, "0.5s", "500ms" or "1:02.5", {allowed}'
            raise ValueError(f"expected {form}; found {found(value)}{with_points(value)}")
        if read_seconds not in allowed:
            raise ValueError(f"found {found(value)}; allowed: {allowed} seconds")
        return read_seconds

    return Reader(read, seconds_form(allowed))


def _seconds(written: Any) -> float | None:
    if is_number(written):
        return float(written)
    time = amount(written) if isinstance(written, str) else None
    return float(time.number) if time and time.unit in ("", "s") else None


def seconds_or_auto(allowed: Range) -> Reader:
    """Reader of seconds in the song, or of `auto`."""
    plain_seconds = seconds(allowed)

    def read(value: Any, info: ValidationInfo) -> object:
        return AUTO if value == AUTO else plain_seconds.read(value, info)

    return Reader(read, forms.either(seconds_form(allowed), forms.words(AUTO)))


def tempo_map() -> Reader:
    """Reader of `{bar 1: 120, bar 33: 132}`, in the order of their bars."""
    bpm = number(BPM, "of beats a minute")

    def read(value: Any, info: ValidationInfo) -> TempoMap:
        if not isinstance(value, Mapping) or not value:
            raise ValueError(
                f"expected bars and their tempo, such as {{bar 1: 120, bar 33: 132}}, found "
                f"{found(value)}"
            )
        mistakes = Mistakes()
        changes: list[tuple[Count, float]] = []
        for time, written in value.items():
            here = mistakes.at(time)
            place = count(plain(time)) if isinstance(time, str) else None
            if place is None or min(place.number, place.beat or 1) < 1:
                form = "the tempo changes at a bar or beat, such as bar 33 or bar 9 beat 3"
                here.add(f"{form}, counted from 1; found {found(time)}", at_key=True)
            tempo = here.attempt(lambda one: bpm.read(one, info), written)
            if place is not None and isinstance(tempo, float):
                changes.append((place, tempo))
        mistakes.raise_any()
        return tuple(changes)

    return Reader(read, forms.named(forms.numeral(BPM), "bars and beats a minute"))


def existing_path() -> Reader:
    """Reader of the path of a file, from the scene file's folder; the value is absolute."""
    return Reader(existing_file, forms.text("a file"))


def midi_files() -> Reader:
    """Reader of the path of a MIDI file, or of a list of them; the values are absolute."""

    def read(value: Any, info: ValidationInfo) -> tuple[Path, ...]:
        mistakes = Mistakes()
        if not isinstance(value, list):
            return (_midi(value, info),)
        for place, item in enumerate(value):
            mistakes.at(place).attempt(lambda one: _midi(one, info), item)
        mistakes.raise_any()
        return tuple(_midi(item, info) for item in value)

    return Reader(
        read, forms.either(_MIDI, forms.Form({"type": "array", "items": _MIDI.schema}, "a list"))
    )


def _midi(value: Any, info: ValidationInfo) -> Path:
    path = existing_file(value, info)
    try:
        with path.open("rb") as file:
            beginning = file.read(len(_MIDI_BEGINS))
    except OSError as error:
        raise ValueError(f'"{quoted_path(path)}" cannot be read: {error.strerror}') from error
    if not beginning:
        raise ValueError(f'"{quoted_path(path)}" is empty, 0 bytes; export it again')
    if beginning != _MIDI_BEGINS:
        raise ValueError(f'"{quoted_path(path)}" is no MIDI file; export it as .mid')
    return path


def stem_files() -> Reader:
    """Reader of names and the sounds that they have, such as `{drums: drums.flac}`."""

    def read(value: Any, info: ValidationInfo) -> dict[str, Path]:
        if not isinstance(value, Mapping):
            raise ValueError(f"expected names and sounds, such as {_STEMS}, found {found(value)}")
        mistakes = Mistakes()
        sounds = {}
        for name, written in value.items():
            here = mistakes.at(name)
            if not isinstance(name, str) or not _NAME.fullmatch(name) or name == "midi":
                form = "a stem is named by letters, digits and _, and not midi, as in"
                here.add(f"{form} {_STEMS}; found {found(name)}", at_key=True)
            sounds[name] = here.attempt(lambda one: sound_at(one, info), written)
        mistakes.raise_any()
        return {name: path for name, path in sounds.items() if path is not None}

    return Reader(read, forms.named(forms.text("a sound file"), "names and sound files"))


_STEMS = "{drums: drums.flac}"


def named_times(example: str) -> Reader:
    """Reader of names and times, such as `{verse: bar 9}`, in the order of the file.

    Names are told apart without regard to capital letters, and are no times themselves.
    """

    def read(value: Any, info: ValidationInfo) -> Times:
        if not isinstance(value, Mapping):
            raise ValueError(f"expected names and times, such as {example}, found {found(value)}")
        mistakes = Mistakes()
        taken: set[str] = set()
        for name in value:
            if message := _name_fault(name, taken):
                mistakes.at(name).add(message, at_key=True)
            taken.add(plain(str(name)))
        mistakes.raise_any()
        return dict(value)

    return Reader(read, TIMES)


def marks_or_file() -> Reader:
    """Reader of names and times, or of the path of a file of marks."""
    times, file = named_times("{drop: 1:12.5}"), existing_path()

    def read(value: Any, info: ValidationInfo) -> object:
        reader = times if isinstance(value, Mapping) else file
        return reader.read(value, info)

    return Reader(read, forms.either(TIMES, forms.text("a file")))


def _name_fault(name: object, taken: set[str]) -> str:
    text = plain(str(name))
    means_time = amount(text) or count(text) or share(text) is not None or offset(text)
    if not text or means_time or text in _WORDS or text.startswith(_BEGINNINGS):
        return f"{found(name)} is a time or a word of its own; choose another name"
    return "this name stands here already; keep one of them" if text in taken else ""


FirstBeat = float | Literal["auto"] | None

"""Names that a formula cannot use: what they need, or what was meant."""

from __future__ import annotations

from collections.abc import Collection

from keyframes.foreign_formulas import call_here, name_here
from keyframes.functions import CONSTANTS, FUNCTIONS, OVER_TIME
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from keyframes.timebase import NEEDS_TEMPO

SOUND_NAMES = ("loudness", "low", "mid", "high", "onset", "kick", "snare", "hat", "band")
"""The envelopes of a piece of music, and of each of its stems."""

TEMPO_NAMES = ("beat", "bar", "beat_pulse", "bar_pulse")
"""What is there only with a tempo."""

NOTES = "midi"
"""The owner of the names that stand for notes, as in `midi.kick`."""

NEEDS_SOUND = "needs the sound of the song; set `music.file`"
NEEDS_STEMS = "needs the sound of a stem; set `music.stems`"
NEEDS_NOTES = "needs the notes of the song; set `music.midi`"


def unknown(name: str, known: Collection[str]) -> str:
    """The message about a name that is none of the `known`."""
    if need := _need(name, known):
        return f'"{quoted(name)}" {need}'
    owner, dot, rest = name.partition(".")
    own = sorted(other.partition(".")[2] for other in known if other.startswith(f"{owner}."))
    if dot and own:
        hint = nearest(rest, own)
        return f'unknown name "{quoted(name)}"{hint}; of {owner} there are {", ".join(own)}'
    plain = sorted(other for other in known if "." not in other)
    hint = name_here(name) or nearest(name, [*known, *CONSTANTS, *FUNCTIONS, *OVER_TIME])
    usable = ", ".join([*plain, *_owners(known), *CONSTANTS])
    return f'unknown name "{quoted(name)}"{hint}; a formula can use {usable}'


def no_function(name: str, known: Collection[str], sources: Collection[str]) -> str:
    """The message about a call of what is neither a function nor one of the `sources`.

    `known` are all names that a formula can use.
    """
    if name in known:
        return f'"{quoted(name)}" is a number, not a function; multiply with "*"'
    if need := _need(name, known):
        return f'"{quoted(name)}" {need}'
    instead = call_here(name)
    if "." in name and not instead:
        return unknown(name, known)
    functions = sorted({*FUNCTIONS, *OVER_TIME, *(each for each in sources if "." not in each)})
    hint = instead or nearest(name, [*functions, *sources])
    return f'"{quoted(name)}" is not a function{hint}; the functions are {", ".join(functions)}'


def _need(name: str, known: Collection[str]) -> str:
    """What the scene lacks for a name that could be known; empty for other names."""
    if name in TEMPO_NAMES and name not in known:
        return NEEDS_TEMPO
    if name in SOUND_NAMES and name not in known:
        return NEEDS_SOUND
    owner, dot, envelope = name.partition(".")
    if not dot or any(other.startswith(f"{owner}.") for other in known):
        return ""
    if owner == NOTES:
        return NEEDS_NOTES
    return NEEDS_STEMS if envelope in SOUND_NAMES else ""


def _owners(known: Collection[str]) -> list[str]:
    """`drums.*` for all names that begin with `drums.`."""
    return sorted({f"{name.partition('.')[0]}.*" for name in known if "." in name})

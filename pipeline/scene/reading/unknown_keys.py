"""What is said of a key that its section does not know: the word that is meant, and its section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keyframes.characters import is_unseen, unseen_in
from keyframes.nearest import nearest
from pipeline.scene.reading.foreign_settings import COUNTERPARTS, FALSE_FRIENDS, Counterpart

Homes = Mapping[str, Sequence[str]]
"""The sections that know a setting, by its name; "" is the scene itself."""


def unknown_key(
    key: str, section: str, allowed: Sequence[str], homes: Homes, names: Sequence[str] = ()
) -> str:
    """The message about `key` in `section`, which is empty for the top of the scene.

    `allowed` are the settings that the section knows, and `names` other names of them.
    """
    name = "".join(character for character in key if not is_unseen(character)).strip()
    unseen = unseen_in(key)
    what = f"unknown key{unseen}: type plain blanks" if unseen else "unknown key"
    elsewhere = [home for home in homes.get(name, ()) if home != section]
    known = (*allowed, *names)
    if elsewhere and name not in known:
        under = " or ".join(f"{home}:" for home in elsewhere if home)
        places = [f"under {under}"] if under else []
        places += ["at the top of the scene"] if "" in elsewhere else []
        friend = f" ({FALSE_FRIENDS[name]})" if name in FALSE_FRIENDS else ""
        return f"{what}; {name} belongs {' or '.join(places)}{friend}"
    if name not in known and (counterpart := COUNTERPARTS.get(name.lower())):
        return f"{what}; {_moved(name, counterpart)}"
    hint = nearest(name, known) or nearest(name, _paths(homes))
    return f"{what}{hint}; allowed: {', '.join(allowed)}"


def _moved(name: str, counterpart: Counterpart) -> str:
    settings, remark = " and ".join(counterpart.settings), counterpart.remark.replace("`", "")
    if settings:
        return f"{name} is {settings} here" + (f": {remark}" if remark else "")
    if remark == "not yet":
        return f"there is no {name} here yet"
    return f"{name} is {remark}"


def _paths(homes: Homes) -> Sequence[str]:
    return [f"{home}.{name}" for name, sections in homes.items() for home in sections if home]

"""The tables of the manual: a row for every setting, from what the readers know of them.

A document says where a table stands by two comments, which stay, and between which it is written:
`<!-- settings of camera -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.scene.json_schema import SECTIONS
from pipeline.scene.schema import Scene
from pipeline.scene.told import Told, told

_HEAD = "| setting | allowed | default | example | |\n| --- | --- | --- | --- | --- |\n"
_PLACE = re.compile(r"(<!-- settings of ([\w ,]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(document: str) -> str:
    """A document with its tables as they are now.

    Raises KeyError where a comment names a section or a setting of the scene that there is not.
    """
    return _PLACE.sub(lambda place: f"{place[1]}\n{table(place[2])}\n{place[3]}", document)


def table(named: str) -> str:
    """The table of a section, or of some settings of the scene itself: `the scene: seed, loop`."""
    if named in SECTIONS:
        settings = list(told(SECTIONS[named], named))
    else:
        own = {setting.name: setting for setting in told(Scene)}
        settings = [own[name] for name in re.split(r",\s*", named)]
    return _HEAD + "".join(f"| {' | '.join(_cells(setting))} |\n" for setting in settings)


def _cells(setting: Told) -> Iterator[str]:
    others = "".join(f" (or `{other}`)" for other in setting.others)
    yield f"`{setting.name}`{others}"
    if setting.shown is None:
        yield from ("settings of its own", "", "")
        yield setting.about
        return
    shown = setting.shown
    yield ", ".join(part for part in (setting.form.words, shown.unit) if part)
    yield setting.unwritten
    yield f"`{setting.name}: {shown.example}`".replace("|", "\\|")
    yield setting.about + (f" [More](#{shown.more})" if shown.more else "")

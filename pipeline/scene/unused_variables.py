"""Variables that no setting uses, neither itself nor through another variable.

Those of a file that is included are there for any scene that includes it, and not spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from keyframes.mistakes import Located
from pipeline.scene.reading.document import Document
from pipeline.scene.sections import ShotRead
from pipeline.scene.variables import VARS
from pipeline.scene.written_words import texts, words_in

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def unused_variables(part: ShotRead) -> Iterator[Located]:
    """What is to be said of variables that a shot knows and does not use."""
    written = part.data.get(VARS)
    if not isinstance(written, Mapping) or not written:
        return
    uses = {name: set(_names(value)) for name, value in written.items()}
    used = {name for words in words_in(part.data) for name in _NAME.findall(words)}
    reached: set[str] = set()
    ahead = used & uses.keys()
    while ahead:
        reached |= ahead
        ahead = {one for name in ahead for one in uses[name]} & uses.keys() - reached
    for name in written:
        if name not in reached and not _is_shared(part.document, name):
            yield Located(
                (VARS, name),
                f"no formula uses this variable; write {name} in one, or remove it",
                at_key=True,
            )


def _is_shared(document: Document, name: str) -> bool:
    """Whether a variable is written in a file that the scene includes, as others may."""
    line, _ = document.key_place((VARS, name))
    origin, _ = document.origin(line)
    return origin is not None


def _names(written: object) -> Iterator[str]:
    for words in texts(written):
        yield from _NAME.findall(words)

"""What commands say of the journal of a render that tells less than the frames do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keyframes.time_words import counted

if TYPE_CHECKING:
    from pipeline.run.carried import Known


def journal_line(known: Known) -> Iterator[str]:
    """The lines on what is amiss with the journal, and on pictures that nothing tells of."""
    if known.fault:
        finds = f"; the next render finds {known.found_words}" if known.found else ""
        yield f"  journal  {known.fault}{finds}"
    if known.unknown:
        pictures = counted(len(known.unknown), "picture")
        them = "it" if len(known.unknown) == 1 else "them"
        becomes = f"the next render moves {them} to takes/"
        yield f"  unknown  {pictures} of which nothing tells; {becomes}"


def journal_data(known: Known) -> dict[str, object]:
    """What is amiss with the journal, as JSON data: words or null, and numbers of frames."""
    return {
        "fault": known.fault or None,
        "found_again": len(known.found),
        "unknown": len(known.unknown),
    }

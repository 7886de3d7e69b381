"""XML from files of strangers: no entities, which can grow without end or name other files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.files.texts import fault

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_xml(text: str, path: Path) -> Element:
    """The root of an XML text, which stands in the file at `path`.

    Raises ValueError for what is no XML, and for a document type, which may define entities.
    """
    # Only songs with such a file need the parser.
    from xml.etree.ElementTree import ParseError, fromstring

    if "<!doctype" in text.lower() or "<!entity" in text.lower():
        raise fault(path, "this XML defines its own entities (DOCTYPE), which are not read")
    try:
        return fromstring(text)
    except (ParseError, ValueError) as error:
        raise fault(path, f"this is not XML that can be read ({error}); export it again") from error

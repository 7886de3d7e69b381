"""The texts of a scene under names of files, so that they can be kept beside what they made."""

from __future__ import annotations

from pathlib import Path

from pipeline.scene.composing.choice import Choice
from pipeline.scene.reading.document import Document

OPTIONS = "options.txt"
"""Name under which the profile and the settings of the command line are kept."""


def kept_texts(path: Path, document: Document, choice: Choice) -> dict[str, str]:
    """The text of the scene's file at `path`, those that it includes, and what `choice` lays on it.

    Files have their own names; of two of one name the later has its number before it.
    """
    files = [(path, document.own_text)]
    for piece in document.pieces:
        if piece.origin.file is not None:
            files.append((piece.origin.file, piece.origin.text))
    texts: dict[str, str] = {}
    for number, (file, text) in enumerate(files):
        name = f"{number}-{file.name}" if file.name in (*texts, OPTIONS) else file.name
        texts[name] = text
    if options := _options(choice):
        texts[OPTIONS] = options
    return texts


def _options(choice: Choice) -> str:
    profile = [] if choice.profile is None else [f"--profile {choice.profile}"]
    return "".join(f"{one}\n" for one in (*profile, *(f"--set {s}" for s in choice.settings)))

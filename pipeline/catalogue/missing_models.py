"""Which models a store lacks, and what is said of it. Imports no torch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from shlex import quote

from pipeline.catalogue.publication import Published, total_text
from pipeline.catalogue.store import ModelStore, State, find_store
from pipeline.errors import ModelError


def missing_for(entries: Iterable[Published], store: ModelStore) -> tuple[Published, ...]:
    """The `entries` that `store` does not have, or not with all that they need; each once."""
    return tuple(entry for entry in dict.fromkeys(entries) if not store.is_complete(entry))


def missing_error(missing: Sequence[Published], store: ModelStore, arguments: str) -> ModelError:
    """The error of a render that lacks models; it names the command that fetches them.

    `arguments` are what that command asks for: `--preset disco`, or names.
    """
    lines = [f"  {entry.name} ({_lacks(entry, store)})" for entry in missing]
    place = "" if store == find_store() else f" --models-dir {quote(str(store.root))}"
    return ModelError(
        f"{len(missing)} {'model is' if len(missing) == 1 else 'models are'} not in {store.root}, "
        f"{total_text(to_come(entry, store) for entry in missing)} in all:\n"
        + "\n".join(lines)
        + "\n"
        f"fetch with: discoreel models pull {arguments}{place}"
    )


def to_come(entry: Published, store: ModelStore) -> Published:
    """What of a model is still to be fetched."""
    if entry.parts:
        return replace(entry, parts=_missing_parts(entry, store))
    # Where only a tokenizer is missing, little is to come, and nobody says how much.
    return replace(entry, size=None, numbers=None) if store.has(entry) else entry


def _missing_parts(entry: Published, store: ModelStore) -> tuple[Published, ...]:
    return tuple(part for part in entry.parts if not store.has(part))


def _lacks(entry: Published, store: ModelStore) -> str:
    """What is to be said of a model that is missing: mostly its size."""
    words = {
        State.MISSING: total_text([entry]),
        State.PARTIAL: f"{len(_missing_parts(entry, store))} of {len(entry.parts)} files missing, "
        f"{total_text([to_come(entry, store)])}",
        State.UNVERIFIED: "there, not verified",
        State.VERIFIED: "there, without its tokenizer",
    }
    return words[store.state(entry)]

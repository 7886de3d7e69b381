"""How much of a model has come, over all its files. Imports no torch."""

from __future__ import annotations

from typing import Protocol

from pipeline.catalogue.publication import Published
from pipeline.catalogue.store import ModelStore


class DownloadReport(Protocol):
    """Takes notice of bytes that have come."""

    def __call__(self, received: int, total: int | None) -> None:
        """`received` bytes of `total` are there, of which None is known if the server is silent."""
        ...


class ModelProgress:
    """Counts the bytes of a model's files, which come one after the other.

    Until a server has said how large a file is, its size in the catalogue counts.
    """

    def __init__(self, entry: Published, report: DownloadReport) -> None:
        self._report = report
        self._is_folder = bool(entry.parts)
        self._sizes = {part.name: part.estimate or 0 for part in entry.parts}
        self._there = 0

    def of(self, file: Published) -> DownloadReport:
        """The report of one file, to which those before it and those to come are added."""
        if not self._is_folder:
            return self._report

        def report(received: int, total: int | None) -> None:
            if total is not None:
                self._sizes[file.name] = total
            self._report(self._there + received, sum(self._sizes.values()))

        return report

    def end(self, file: Published, store: ModelStore) -> None:
        """Count a file that is whole."""
        size = store.measured(file).size or 0
        self._sizes[file.name] = size
        self._there += size

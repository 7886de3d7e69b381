"""Whether the files of networks are still what they were when their sums were taken.

A sum says what is in a file when it is read for it, and the network is loaded from it later. What
the system says of a file tells whether anybody wrote to it or put another in its place meanwhile,
also if it was put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.catalogue.located import LocatedNetworks, NetworkFiles
from pipeline.catalogue.network_digests import network_files
from pipeline.errors import ModelError

Stamps = Mapping[Path, tuple[int, ...]]
"""Files with their size, times of writing and of the inode's last change, and inode."""


def stamps(sets: Iterable[LocatedNetworks]) -> Stamps:
    """The files of all networks as they are now; a file that cannot be looked at has no numbers."""
    files = dict.fromkeys(file for one in sets for file in _files(one))
    return {file: _stamp(file) for file in files}


def check_unchanged(before: Stamps, sets: Iterable[LocatedNetworks]) -> None:
    """Raises ModelError if a file of the networks is not as it was `before`."""
    now = stamps(sets)
    for file in {**before, **now}:
        if before.get(file) != now.get(file):
            raise ModelError(
                f"{file} changed while the networks were loaded from it; no frame was rendered: "
                "give the same command again, which says what the change costs"
            )


def _files(networks: LocatedNetworks) -> Iterator[Path]:
    for _, _, one in networks.by_role():
        yield from _files_of(one)


def _files_of(network: NetworkFiles) -> Iterator[Path]:
    parts = network.published.parts if network.published else ()
    if parts:
        yield from (network.path.parent / part.file for part in parts)
    elif network.path.is_dir():
        yield from network_files(network.path)
    else:
        yield network.path
    yield from network.tokenizer


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino

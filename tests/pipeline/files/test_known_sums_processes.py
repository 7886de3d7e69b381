"""Processes that remember sums at the same time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipeline.files import known_sums
from pipeline.files.hashing import bytes_digest
from pipeline.files.known_sums import KnownSums
from tests import child

ANOTHER = """\
import sys, time
from pathlib import Path
from pipeline.files.known_sums import KnownSums
sums = KnownSums(Path(sys.argv[1]), 1, lambda: time.time_ns() + 10**13)
for path in sys.argv[2:]:
    sums.digest(Path(path))
"""
"""Remembers the sums of the files that it is given; by its clock they are old."""


def test_processes_side_by_side_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {tmp_path / f"{number}.pt": bytes([number]) * 9 for number in range(24)}
    for path, data in contents.items():
        path.write_bytes(data)
    cache = tmp_path / "cache" / "sums.json"
    argv = [sys.executable, "-c", ANOTHER, str(cache)]

    others = [child.start([*argv, *list(map(str, contents))[k::3]]) for k in range(3)]

    assert [other.wait(60) for other in others] == [0, 0, 0]
    monkeypatch.delattr(known_sums, "file_digest")
    remembered = KnownSums(cache, 1)
    assert [remembered.digest(path) for path in contents] == list(
        map(bytes_digest, contents.values())
    )
    assert {path.name for path in cache.parent.iterdir()} == {".sums.json.lock", "sums.json"}

"""Sums of files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.files.hashing import bytes_digest, file_digest, has_sum


@pytest.mark.parametrize("size", [0, 10, 1 << 16, (1 << 16) + 1, 1_000_000])
def test_a_file_has_the_sum_of_its_bytes_and_no_other(tmp_path: Path, size: int) -> None:
    path, data = tmp_path / "a", os.urandom(size)
    path.write_bytes(data)
    assert has_sum(path, file_digest(path)) and has_sum(path, bytes_digest(data))
    assert not has_sum(path, bytes_digest(data + b"\0"))
    path.write_bytes(data + b"\0")
    assert not has_sum(path, bytes_digest(data))


def test_what_is_no_file_has_no_sum(tmp_path: Path) -> None:
    nothing = bytes_digest(b"")
    (tmp_path / "file").write_bytes(b"")
    assert has_sum(tmp_path / "file", nothing)
    for path in (tmp_path, tmp_path / "gone", tmp_path / "file" / "below"):
        assert not has_sum(path, nothing)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert not has_sum(tmp_path / "pipe", bytes_digest(b"a picture"))

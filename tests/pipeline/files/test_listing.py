"""What lies in a folder: never less than there is."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from pipeline.files.listing import listed
from tests.faults import Disk, failing


def test_files_and_folders_in_order(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / name).mkdir()
    assert [path.name for path in listed(tmp_path)] == ["a", "b", "c"]


def test_there_is_nothing_in_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert listed(tmp_path / "gone") == listed(tmp_path / "file") == []


def test_a_folder_that_may_not_be_read_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with failing(Disk(tmp_path, 1, errno.EACCES)), pytest.raises(PermissionError):
        listed(tmp_path)

"""Every operation on the disk of the store may fail: that is told in words."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from pipeline.catalogue.missing_models import missing_for
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.store import ModelStore, State, Verdict
from pipeline.errors import ModelError
from pipeline.files.hashing import bytes_digest
from tests.faults import Disk, failing

DATA = b"weights"
ENTRY = Published("net", Role.DEPTH, "net.pt", (), None, "MIT", bytes_digest(DATA), "none")


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES, errno.ENOSPC], ids=errno.errorcode.get)
def test_a_store_on_a_disk_that_fails_at_any_operation(
    tmp_path: Path, code: int, lasting: bool
) -> None:
    store, first, reached = ModelStore(tmp_path / "models"), 0, True
    store.root.mkdir()
    store.path(ENTRY).write_bytes(DATA)
    while reached:
        first += 1
        with failing(Disk(store.root, first, code, lasting)) as disk:
            try:
                assert store.verify(ENTRY) is Verdict.OK
                store.measured(ENTRY)
                list(store.others(()))
                missing_for([ENTRY], store)
            except ModelError as error:
                assert disk.has_failed and "; " in str(error)
        reached = disk.has_failed
        assert store.verify(ENTRY) is Verdict.OK
        assert store.state(ENTRY) is State.VERIFIED
    assert first > 15, "there are not so few"

"""Archives that claim far more than they hold: they are refused before memory is asked for."""

from __future__ import annotations

import pickle
import struct
import zipfile
from pathlib import Path

import pytest
import torch

from pipeline.errors import ModelError
from pipeline.files.pickles import check_memo
from pipeline.networks.files.archive import REPEATED, SMALL, check_archive
from pipeline.networks.files.checkpoint import read_checkpoint

SAID = "claims more than it holds: found"


def packed(path: Path, length: int, *, program: bool) -> Path:
    """An archive with a record of `length` zeros, which takes a thousandth of that."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("net/data.pkl", pickle.dumps({}))
        file.writestr("net/data/0", bytes(length))
        if program:
            file.writestr("net/constants.pkl", pickle.dumps(()))
    return path


@pytest.mark.parametrize("program", [False, True])
def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path, program: bool) -> None:
    path = packed(tmp_path / "bomb.pt", SMALL + 1, program=program)
    assert path.stat().st_size < SMALL / 100
    with pytest.raises(ModelError, match=rf"bomb\.pt: {SAID} \d+ bytes that unpack to 16000\d+"):
        read_checkpoint(path)


def test_a_small_one_may_be_compressed(tmp_path: Path) -> None:
    check_archive(packed(tmp_path / "net.pt", SMALL // 2, program=False))


def test_a_tensor_that_repeats_one_number_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.pt"
    torch.save({"weight": torch.zeros(1).expand(1 << 40)}, path)
    assert path.stat().st_size < 10_000
    with pytest.raises(
        ModelError, match=rf"{SAID} {1 << 42} bytes of tensors .*; allowed: {REPEATED} "
    ):
        read_checkpoint(path)


def test_a_size_in_an_old_file_is_looked_at_before_torch_makes_room(tmp_path: Path) -> None:
    path = tmp_path / "old.pt"
    torch.save({"weight": torch.ones(64)}, path, _use_new_zipfile_serialization=False)
    assert torch.equal(read_checkpoint(path)["weight"], torch.ones(64))
    # The size of the tensor, and that of its storage.
    huge = b"\x8a\x06" + (1 << 40).to_bytes(6, "little")
    path.write_bytes(path.read_bytes().replace(b"K@", huge))
    with pytest.raises(
        ModelError, match=rf"old\.pt: {SAID} a size of {1 << 40}; allowed: {SMALL} "
    ):
        read_checkpoint(path)


def test_repetitions_count_together(tmp_path: Path) -> None:
    path = tmp_path / "many.pt"
    torch.save({f"{n}": torch.zeros(1).expand(REPEATED // 8) for n in range(3)}, path)
    with pytest.raises(ModelError, match=rf"{SAID} {3 * (REPEATED // 2)} bytes of tensors"):
        read_checkpoint(path)


def test_a_small_repetition_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ones.pt"
    torch.save({"weight": torch.ones(1).expand(4)}, path)
    assert torch.equal(read_checkpoint(path)["weight"], torch.ones(4))


def test_a_program_whose_tree_names_a_far_place_of_the_memo_is_refused(tmp_path: Path) -> None:
    tree = b"\x80\x02}r" + struct.pack("<I", 0xFFFF_FFFF) + b"."
    with pytest.raises(ValueError, match="a place of the memo, 4294967295,"):
        check_memo(tree)
    path = tmp_path / "memo.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("net/data.pkl", tree)
        file.writestr("net/constants.pkl", pickle.dumps(()))
    with pytest.raises(ModelError, match=r"memo\.pt: is not a whole PyTorch checkpoint"):
        read_checkpoint(path)

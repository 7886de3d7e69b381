"""TorchScript archives: their tensors, and nothing else of them."""

from __future__ import annotations

import pickle
import struct
import zipfile
from pathlib import Path

import pytest
import torch
from torch import nn

from pipeline.errors import ModelError
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.torchscript import is_torchscript, read_torchscript

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit", "ignore:.*TorchScript")


class Tree(nn.Module):
    """Weights at two depths, of several types, one of them a view into a larger storage."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Conv2d(3, 2, 1).half(), nn.BatchNorm2d(2))
        self.register_buffer("size", torch.tensor(224))
        self.register_buffer("part", torch.arange(12.0).view(3, 4).T[1:])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Of no interest here."""
        return x


def test_all_tensors_are_read_as_torch_reads_them(tmp_path: Path) -> None:
    path, tree = tmp_path / "net.pt", Tree().eval()
    torch.jit.save(torch.jit.script(tree), str(path))
    assert is_torchscript(path)
    found = read_torchscript(path)
    expected = dict(tree.state_dict())
    assert found.keys() == expected.keys()
    assert all(found[key].dtype == value.dtype for key, value in expected.items())
    torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_other_files_are_told_apart(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(2)}, tmp_path / "state.pt")
    (tmp_path / "words.pt").write_text("words")
    assert not any(is_torchscript(tmp_path / name) for name in ("state.pt", "words.pt", "gone.pt"))


class Trap:
    """A pickle that runs code where it is read without care."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("the trap is sprung",))


def archive(path: Path, content: bytes) -> Path:
    """An archive with this tree and no storages."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("net/data.pkl", content)
        file.writestr("net/constants.pkl", pickle.dumps(()))
    return path


def test_a_pickle_that_would_run_code_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = archive(tmp_path / "trap.pt", pickle.dumps(Trap()))
    with pytest.raises(pickle.UnpicklingError, match="is neither a tree nor a tensor"):
        read_torchscript(path)
    with pytest.raises(ModelError, match=r"trap\.pt: is not a whole PyTorch checkpoint"):
        read_checkpoint(path)
    assert capsys.readouterr().out == ""


def test_a_tensor_beyond_its_storage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    torch.jit.save(torch.jit.script(nn.Linear(4, 4)), str(path))
    short = tmp_path / "short.pt"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(short, "w") as cut:
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(name, content[: len(content) // 2] if "/data/" in name else content)
    with pytest.raises(ModelError, match=r"short\.pt: is not a whole PyTorch checkpoint"):
        read_checkpoint(short)


def module(parts: bytes) -> bytes:
    """A pickled module with these attributes, keys and values one after the other."""
    return b"c__torch__\nNet\n)\x81}(" + parts + b"ub"


def name(word: str) -> bytes:
    return b"X" + struct.pack("<I", len(word)) + word.encode()


def doubled(times: int) -> bytes:
    """A module that holds the next one twice, and so on: a few bytes a level."""
    made = module(b"")
    for level in range(times):
        place = struct.pack("B", level)
        made = module(name("a") + made + b"q" + place + name("b") + b"h" + place)
    return b"\x80\x02" + made + b"."


@pytest.mark.parametrize(
    "tree",
    [
        doubled(60),
        b"\x80\x02c__torch__\nNet\n)\x81q\x00}(" + name("me") + b"h\x00ub.",
    ],
    ids=["modules that double", "a module that holds itself"],
)
def test_a_tree_without_end_is_refused(tmp_path: Path, tree: bytes) -> None:
    path = archive(tmp_path / "net.pt", tree)
    with pytest.raises(pickle.UnpicklingError, match="has more than 100000 parts"):
        read_torchscript(path)
    with pytest.raises(ModelError, match=r"net\.pt: is not a whole PyTorch checkpoint"):
        read_checkpoint(path)


def test_a_module_in_two_places_has_its_tensors_in_both(tmp_path: Path) -> None:
    path = archive(tmp_path / "net.pt", doubled(3))
    assert read_torchscript(path) == {}
    tree, shared = nn.Module(), nn.Linear(2, 2)
    tree.first, tree.second = shared, shared
    torch.jit.save(torch.jit.script(tree), str(tmp_path / "shared.pt"))
    assert set(read_torchscript(tmp_path / "shared.pt")) == {
        f"{place}.{part}" for place in ("first", "second") for part in ("weight", "bias")
    }

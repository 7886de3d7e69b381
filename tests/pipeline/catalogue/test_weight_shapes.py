"""Headers of weights: shapes without numbers, and files that are none."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from pipeline.catalogue.weight_shapes import read_shapes
from pipeline.errors import ModelError
from pipeline.networks.files.checkpoint import read_checkpoint

STATE = {"a.weight": torch.ones(2, 3), "a.bias": torch.ones(2), "count": torch.tensor(3)}
SHAPES = {"a.weight": (2, 3), "a.bias": (2,), "count": ()}
PREFIXED = {f"module.{name}": value for name, value in STATE.items()}


def told(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read_shapes(path)
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    "content",
    [
        STATE,
        PREFIXED,
        {"epoch": 3, "state_dict": PREFIXED, "optimizer": {"step": 1}},
        {name: nn.Parameter(value, requires_grad=False) for name, value in STATE.items()},
        {name: value.to(torch.bfloat16) for name, value in STATE.items()},
    ],
)
def test_the_shapes_of_a_checkpoint(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "net.pt")
    assert read_shapes(tmp_path / "net.pt") == SHAPES
    loaded = read_checkpoint(tmp_path / "net.pt")
    assert {name: tuple(value.shape) for name, value in loaded.items()} == SHAPES


@pytest.mark.parametrize("state", [STATE, PREFIXED])
def test_the_shapes_of_safetensors(tmp_path: Path, state: dict[str, torch.Tensor]) -> None:
    save_file(state, tmp_path / "NET.SAFETENSORS", {"by": "me"})
    assert read_shapes(tmp_path / "NET.SAFETENSORS") == SHAPES


class Foreign:
    """What only code in a file could make."""

    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("raise SystemExit('the file was run')",))


@pytest.mark.parametrize("content", [Foreign(), [1, 2], {"a": 1}, {}])
def test_what_is_not_only_tensors_is_left_to_the_loader(tmp_path: Path, content: object) -> None:
    path = tmp_path / "net.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data.pkl", pickle.dumps(content))
    assert read_shapes(path) is None


def test_a_place_of_the_memo_that_no_such_pickle_has_is_left_to_the_loader(tmp_path: Path) -> None:
    """Python would make room for four thousand million places."""
    path = tmp_path / "memo.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("net/data.pkl", b"\x80\x02}r\xff\xff\xff\xff.")
    assert read_shapes(path) is None


def test_early_checkpoints_are_left_to_the_loader(tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "net.pt", _use_new_zipfile_serialization=False)
    assert read_shapes(tmp_path / "net.pt") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty; fetch it again"),
        (b"\n<!DOCTYPE html><html>", "is a web page, not weights; fetch the file itself"),
        (b"<html lang=en>", "is a web page, not weights; fetch the file itself"),
        (b"version https://git-lfs.github.com/spec/v1\n", "only points to weights; fetch them"),
    ],
)
@pytest.mark.parametrize("suffix", [".pt", ".ckpt", ".safetensors"])
def test_files_that_are_no_weights(tmp_path: Path, suffix: str, content: bytes, words: str) -> None:
    path = tmp_path / f"net{suffix}"
    path.write_bytes(content)
    assert told(path).startswith(words)


def test_a_file_of_another_kind_than_its_name(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "net.pt")
    assert told(tmp_path / "net.pt").endswith("give it a name that ends in .safetensors")
    torch.save(STATE, tmp_path / "net.safetensors")
    assert told(tmp_path / "net.safetensors").endswith("give it a name that ends in .pt")


def test_a_file_that_was_cut(tmp_path: Path) -> None:
    for name, save in (("a.pt", torch.save), ("a.safetensors", save_file)):
        save(STATE, tmp_path / name)
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content[:-9])
        with pytest.raises(ModelError):
            read_shapes(tmp_path / name)
    size = len(content)
    assert told(tmp_path / "a.safetensors").startswith(f"has {size - 9} bytes of {size}; fetch")


@pytest.mark.parametrize(
    "header", [b"{", b"[]" * 9, b'{"a": 1}', b'{"a": {"shape": [1]}}', b"{\xff}", b"{" * 5000]
)
def test_a_header_that_makes_no_sense(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
    assert told(path) == "is not a readable safetensors file; fetch or install it again"


def test_noise_and_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "net.pt").write_bytes(b"\x01" * 5000)
    assert told(tmp_path / "net.pt") == "is not a whole PyTorch checkpoint; fetch it again"
    assert told(tmp_path / "gone.pt") == "no weights file here; is the model's folder whole?"
    (tmp_path / "folder.pt").mkdir()
    assert told(tmp_path / "folder.pt").startswith("cannot be read (Is a directory)")

"""Checkpoints that are damaged, misnamed, hostile or of something else: each says what it is."""

from __future__ import annotations

import pickle
import zipfile
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from pipeline.errors import ModelError
from pipeline.networks.files.checkpoint import read_checkpoint
from tests.pipeline.networks.files.checkpoints import WEIGHTS, save_legacy


def complaint(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read_checkpoint(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ") and "\n" not in said
    return said.removeprefix(f"{path}: ")


def whole(folder: Path, save: Callable[[object, Path], None] = torch.save) -> bytes:
    path = folder / "whole.pt"
    save({"a": torch.zeros(1000)}, path)
    return path.read_bytes()


@pytest.mark.parametrize("save", [torch.save, save_legacy])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-200],
        lambda data: data[:40],
        lambda data: b"<html>not found</html>",
        lambda data: b"version https://git-lfs.github.com/spec/v1\n",
    ],
    ids=["empty", "torn", "torn early", "a web page", "a pointer"],
)
def test_a_damaged_file_is_named(
    tmp_path: Path, damage: Callable[[bytes], bytes], save: Callable[[object, Path], None]
) -> None:
    path = tmp_path / "network.pt"
    path.write_bytes(damage(whole(tmp_path, save)))
    assert complaint(path) == "is not a whole PyTorch checkpoint; fetch it again"


def test_another_archive_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "network.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert complaint(path) == "is not a whole PyTorch checkpoint; fetch it again"


def test_a_file_under_the_name_of_the_other_kind_says_how_to_call_it(tmp_path: Path) -> None:
    path, other = tmp_path / "network.pt", tmp_path / "network.safetensors"
    save_file(WEIGHTS, path)
    torch.save(WEIGHTS, other)
    assert complaint(path) == _named("safetensors file", ".safetensors")
    assert complaint(other) == _named("file of PyTorch", ".pt")


def _named(kind: str, suffix: str) -> str:
    return f"is a {kind}; give it a name that ends in {suffix}"


def test_a_foreign_pickle_gives_one_message_and_no_warning(tmp_path: Path) -> None:
    path, target = tmp_path / "network.pt", tmp_path / "touched"
    path.write_bytes(pickle.dumps(Attack(target), protocol=4))
    assert complaint(path) == "is not a whole PyTorch checkpoint; fetch it again"
    assert not target.exists()


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert complaint(tmp_path / "none.pt") == "no such file; fetch the model again"
    folder = tmp_path / "folder.pt"
    folder.mkdir()
    assert complaint(folder) == "is a folder; a checkpoint is a file"


@pytest.mark.parametrize("save", [torch.save, save_legacy])
@pytest.mark.parametrize(
    ("content", "name"),
    [
        ({"state_dict": WEIGHTS, "args": Namespace(lr=1)}, "argparse.Namespace"),
        (nn.Linear(2, 2), "torch.nn.modules.linear.Linear"),
    ],
)
def test_what_only_code_could_load_is_not_loaded(
    tmp_path: Path, content: object, name: str, save: Callable[[object, Path], None]
) -> None:
    path = tmp_path / "network.pt"
    save(content, path)
    assert complaint(path) == (
        f"holds more than tensors ({name}), which only code in the file could load; "
        "convert it to safetensors where you trust it, or use another file"
    )


class Attack:
    """Touches a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.target,)


def test_code_in_a_file_is_not_run(tmp_path: Path) -> None:
    path, target = tmp_path / "network.pt", tmp_path / "touched"
    torch.save({"a": Attack(target)}, path)
    assert complaint(path).startswith("holds more than tensors (")
    assert not target.exists()
    pickle.loads(pickle.dumps(Attack(target)))
    assert target.exists(), "the attack would work"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ([torch.ones(1)], "holds a list, not weights by their names; "),
        (
            {"ema": WEIGHTS, "step": 3},
            "the weights are not at the top, nor below state_dict or model (found: ema, step); ",
        ),
        ({}, "the weights are not at the top, nor below state_dict or model (found: nothing); "),
    ],
)
def test_a_file_without_named_tensors_says_what_it_holds(
    tmp_path: Path, content: object, fault: str
) -> None:
    path = tmp_path / "network.pt"
    torch.save(content, path)
    assert complaint(path) == fault + "convert it to a state_dict, or use another file"


def test_a_name_of_no_known_format_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path / "network.onnx") == (
        'a checkpoint is named by its format, found ".onnx"; '
        "allowed: .pt, .pth, .ckpt, .bin, .safetensors"
    )

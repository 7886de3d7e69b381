"""Checkpoints: every format and nesting gives the same tensors, and a bad file says what it is."""

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

WEIGHTS = {"a.weight": torch.tensor([0.5, -1.25]), "b.count": torch.tensor(7)}

MAPS = Path("/proc/self/maps")


def save_legacy(content: object, path: Path) -> None:
    """As PyTorch saved before 1.6."""
    torch.save(content, path, _use_new_zipfile_serialization=False)


@pytest.mark.parametrize(
    ("name", "save"),
    [
        ("network.pt", torch.save),
        ("network.pth", torch.save),
        ("network.ckpt", torch.save),
        ("pytorch_model.bin", torch.save),
        ("network.pt", save_legacy),
        ("network.safetensors", save_file),
        ("NETWORK.PT", torch.save),
        ("NETWORK.Safetensors", save_file),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_every_format_gives_float32_and_whole_counts(
    tmp_path: Path, name: str, save: Callable[[object, Path], None], dtype: torch.dtype
) -> None:
    path = tmp_path / name
    save({**WEIGHTS, "a.weight": WEIGHTS["a.weight"].to(dtype)}, path)
    state = read_checkpoint(path)
    assert state.keys() == WEIGHTS.keys()
    torch.testing.assert_close(state["a.weight"], WEIGHTS["a.weight"], rtol=0, atol=0)
    assert state["b.count"].dtype == torch.int64


@pytest.mark.parametrize(
    "content",
    [
        {"state_dict": WEIGHTS, "epoch": 3, "hyper_parameters": {"lr": 0.1}},
        {"model": WEIGHTS, "optimizer": {"state": {}, "param_groups": [1]}},
        {"model": {"state_dict": WEIGHTS}, "epoch": 3},
        {f"module.{name}": value for name, value in WEIGHTS.items()},
        {"model": {f"module.{name}": value for name, value in WEIGHTS.items()}},
        {"state_dict": {f"model.{name}": value for name, value in WEIGHTS.items()}},
        {f"module._orig_mod.{name}": value for name, value in WEIGHTS.items()},
    ],
)
def test_nested_and_parallel_weights_are_found(tmp_path: Path, content: object) -> None:
    path = tmp_path / "network.pt"
    torch.save(content, path)
    assert read_checkpoint(path).keys() == WEIGHTS.keys()


def test_a_module_that_is_only_one_of_several_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "network.pt"
    mixed = {"module.a": torch.ones(1), "b": torch.ones(1)}
    torch.save(mixed, path)
    assert read_checkpoint(path).keys() == mixed.keys()


def test_parameters_come_without_a_graph(tmp_path: Path) -> None:
    path = tmp_path / "network.pt"
    torch.save({"a": nn.Parameter(torch.ones(2))}, path)
    assert not read_checkpoint(path)["a"].requires_grad


@pytest.mark.skipif(not MAPS.exists(), reason="only Linux lists what a process has mapped")
def test_weights_are_mapped_into_memory_not_read(tmp_path: Path) -> None:
    path = tmp_path / "network.pt"
    torch.save(WEIGHTS, path)
    state = read_checkpoint(path)
    assert str(path) in MAPS.read_text()
    del state
    assert str(path) not in MAPS.read_text()


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


@pytest.mark.filterwarnings("ignore:.*TorchScript", "ignore:.*torch.jit")
def test_of_a_torchscript_program_the_weights_are_read(tmp_path: Path) -> None:
    path, network = tmp_path / "network.pt", nn.Linear(2, 2).half()
    torch.jit.save(torch.jit.script(network), str(path))
    found = read_checkpoint(path)
    torch.testing.assert_close(found, dict(network.float().state_dict()), rtol=0, atol=0)

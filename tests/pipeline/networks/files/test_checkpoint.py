"""Checkpoints: every format and nesting gives the same tensors, and of two networks the average."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from pipeline.catalogue.weight_names import AVERAGED
from pipeline.catalogue.weight_names import PLAIN as TRAINED
from pipeline.networks.files.checkpoint import read_checkpoint
from tests.pipeline.networks.files.checkpoints import WEIGHTS, save_legacy

MAPS = Path("/proc/self/maps")


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
def test_every_format_gives_the_same_tensors(
    tmp_path: Path, name: str, save: Callable[[object, Path], None], dtype: torch.dtype
) -> None:
    path = tmp_path / name
    save({**WEIGHTS, "a.weight": WEIGHTS["a.weight"].to(dtype)}, path)
    state = read_checkpoint(path)
    assert state.keys() == WEIGHTS.keys()
    expected = WEIGHTS["a.weight"].to(dtype)
    torch.testing.assert_close(state["a.weight"], expected, rtol=0, atol=0)
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


PLAIN = {"in.weight": torch.tensor([1.0, 2.0]), "out.bias": torch.tensor([3.0])}
EMA = {name: value + 0.5 for name, value in PLAIN.items()}
COUNTERS = {"decay": torch.tensor(0.9999), "num_updates": torch.tensor(7)}


def below(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}{name}": value for name, value in state.items()}


def dotless(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.replace(".", ""): value for name, value in state.items()}


def lightning(average: Mapping[str, Tensor], prefix: str = "model_ema.") -> dict[str, object]:
    """A training's file; beside both networks there is another one that is not trained."""
    others = {"clip.proj": torch.ones(9), "rng": torch.ones(2)}
    state = {**below("model.", PLAIN), **below(prefix, average), **others}
    return {"state_dict": state, "epoch": 3, "optimizer_states": [{"state": {}}]}


@pytest.mark.parametrize(
    ("content", "expected", "note"),
    [
        (lightning(EMA), EMA, AVERAGED),
        (lightning(EMA, "ema."), EMA, AVERAGED),
        (lightning({**dotless(EMA), **COUNTERS}), EMA, AVERAGED),
        (lightning(below("module.", EMA) | COUNTERS), PLAIN, TRAINED),
        (lightning({"in.weight": EMA["in.weight"]}), PLAIN, TRAINED),
        (lightning({**EMA, "out.bias": torch.zeros(2)}), PLAIN, TRAINED),
        ({"model": PLAIN, "model_ema": EMA, "opt": {"lr": 1}}, EMA, AVERAGED),
        ({"model": PLAIN, "ema": {"in.weight": EMA["in.weight"]}}, PLAIN, TRAINED),
        ({"state_dict": PLAIN, "state_dict_ema": EMA}, EMA, AVERAGED),
        ({"state_dict": below("model_ema.", EMA)}, EMA, ""),
        ({"n_averaged": torch.tensor(5), **below("module.", EMA)}, EMA, ""),
    ],
)
def test_of_two_networks_the_average_is_taken_where_it_is_whole(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    content: dict[str, object],
    expected: dict[str, Tensor],
    note: str,
) -> None:
    path = tmp_path / "training.ckpt"
    torch.save(content, path)
    with caplog.at_level("INFO", "pipeline"):
        state = read_checkpoint(path)
    torch.testing.assert_close(state, expected, rtol=0, atol=0)
    assert caplog.messages == ([f"{path}: {note}"] if note else [])


def test_a_safetensors_file_of_two_networks_is_no_other(tmp_path: Path) -> None:
    path = tmp_path / "training.safetensors"
    save_file({**below("model.", PLAIN), **below("model_ema.", EMA)}, path)
    torch.testing.assert_close(read_checkpoint(path), EMA, rtol=0, atol=0)


@pytest.mark.skipif(not MAPS.exists(), reason="only Linux lists what a process has mapped")
@pytest.mark.parametrize("name", ["network.pt", "network.safetensors"])
@pytest.mark.parametrize("beside", [0, 1000], ids=["all of it", "a small part"])
def test_nothing_of_a_file_stays_mapped(tmp_path: Path, name: str, beside: int) -> None:
    """A training may write the file anew while a render holds its weights."""
    path = tmp_path / name
    state = {**below("model.", PLAIN), **below("model_ema.", EMA), "rest": torch.zeros(beside)}
    (save_file if path.suffix == ".safetensors" else torch.save)(state, path)
    found = read_checkpoint(path)
    assert str(path) not in MAPS.read_text()
    path.write_bytes(bytes(path.stat().st_size))
    torch.testing.assert_close(found, EMA, rtol=0, atol=0)


@pytest.mark.filterwarnings("ignore:.*TorchScript", "ignore:.*torch.jit")
def test_of_a_torchscript_program_the_weights_are_read(tmp_path: Path) -> None:
    path, network = tmp_path / "network.pt", nn.Linear(2, 2).half()
    torch.jit.save(torch.jit.script(network), str(path))
    found = read_checkpoint(path)
    torch.testing.assert_close(found, dict(network.state_dict()), rtol=0, atol=0)

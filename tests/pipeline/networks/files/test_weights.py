"""Weights: what fits is loaded as the network has it; what does not is named with its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from pipeline.errors import ModelError
from pipeline.networks.files.weights import check_finite, load_network, load_state, read_weights


def network(width: int = 2) -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, width), nn.BatchNorm1d(width))


def message(action: Callable[[], object]) -> str:
    with pytest.raises(ModelError) as caught:
        action()
    return str(caught.value)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_numbers_keep_their_precision_until_a_network_takes_them(
    tmp_path: Path, dtype: torch.dtype
) -> None:
    path = tmp_path / "weights.safetensors"
    values = torch.tensor([0.5, -1.25, 3.0])
    save_file({"a": values.to(dtype), "count": torch.tensor(7)}, path)
    state = read_weights(path)
    torch.testing.assert_close(state["a"], values.to(dtype), rtol=0, atol=0)
    assert state["count"].dtype == torch.int64


@pytest.mark.parametrize("stored", [torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("computed", [torch.float32, torch.bfloat16])
def test_a_network_takes_numbers_as_precise_as_its_own(
    stored: torch.dtype, computed: torch.dtype
) -> None:
    """The normalisation, which stays in float32, among those that do not."""
    taken, saved = network(), network()
    taken[0].to(computed)
    state = {
        key: value.to(stored) if value.is_floating_point() else value
        for key, value in saved.state_dict().items()
    }
    expected = {key: value.clone() for key, value in state.items()}
    load_state(taken, state, Path("x"))
    assert not state, "no weight is twice in memory"
    for key, value in taken.state_dict().items():
        assert torch.equal(value, expected[key].to(value.dtype)), key
    kept = taken.state_dict()
    assert kept["0.weight"].dtype == computed
    assert kept["1.weight"].dtype == kept["1.running_var"].dtype == torch.float32


def test_weights_of_the_right_precision_are_taken_and_not_copied() -> None:
    state = network().state_dict()
    there = state["0.weight"].data_ptr()
    taken = network()
    load_state(taken, state, Path("x"))
    assert taken[0].weight.data_ptr() == there


@pytest.mark.parametrize(
    "strange",
    [
        lambda value: value.T.contiguous().T,
        lambda value: torch.cat([torch.zeros(1), value.flatten()])[1:].view(value.shape),
        lambda value: torch.cat([value, value])[: len(value)],
    ],
    ids=["turned", "out of line", "a part of more"],
)
def test_weights_lie_in_memory_as_torch_lays_them(strange: Callable[[Tensor], Tensor]) -> None:
    """So that sums are the same to the last digit, however a file was written."""
    state = network().state_dict()
    state["0.weight"] = strange(state["0.weight"])
    expected, taken = state["0.weight"].clone(), network()
    load_state(taken, state, Path("x"))
    weight = taken[0].weight
    assert torch.equal(weight, expected)
    assert weight.is_contiguous() and not weight.data_ptr() % 64
    assert weight.untyped_storage().nbytes() == weight.nbytes


def test_a_network_is_built_without_weights_where_it_can(tmp_path: Path) -> None:
    built: list[nn.Sequential] = []

    def build() -> nn.Sequential:
        built.append(network())
        assert built[-1][0].weight.is_meta and not built[-1][1].running_mean.is_meta
        return built[-1]

    path = tmp_path / "weights.safetensors"
    save_file(network().state_dict(), path)
    loaded = load_network(build, tmp_path / "config.json", path)
    assert not loaded[0].weight.is_meta and len(built) == 1
    assert not network()[0].weight.is_meta, "what is built afterwards has weights"


def test_an_architecture_that_computes_with_its_weights_is_built_with_them(tmp_path: Path) -> None:
    def build() -> nn.Sequential:
        made = network()
        made[0].weight.sum().item()
        return made

    path = tmp_path / "weights.safetensors"
    save_file(network().state_dict(), path)
    assert load_network(build, tmp_path / "config.json", path)[0].weight.isfinite().all()


def test_too_little_memory_is_not_taken_for_a_fault_of_the_files(tmp_path: Path) -> None:
    def build() -> nn.Module:
        return nn.Linear(1 << 25, 1 << 25)

    with pytest.raises(RuntimeError, match="can't allocate memory"):
        load_network(build, tmp_path / "config.json", tmp_path / "none")


def test_numbers_beyond_half_precision_are_told(tmp_path: Path) -> None:
    state = network().state_dict()
    state["0.weight"][0, 0] = 1e6
    path = tmp_path / "weights.safetensors"
    assert message(lambda: load_state(network().to(torch.float16), state, path)) == (
        f"{path}: 0.weight holds numbers that are too large for torch.float16; "
        "write models: {precision: bf16}, or fp32"
    )


def test_a_loaded_network_is_the_saved_one_frozen(tmp_path: Path) -> None:
    saved = network()
    saved(torch.randn(8, 3))
    path = tmp_path / "weights.safetensors"
    save_file(saved.state_dict(), path)
    loaded = load_network(network, tmp_path / "config.json", path)
    x = torch.randn(4, 3)
    torch.testing.assert_close(loaded(x), saved.eval()(x))
    assert not loaded.training
    assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_a_configuration_that_builds_nothing_is_named(tmp_path: Path) -> None:
    def build() -> nn.Module:
        raise TypeError("unexpected keyword argument 'flavour'")

    config = tmp_path / "config.json"
    assert message(lambda: load_network(build, config, tmp_path / "none")) == (
        f"{config}: no network can be built from this configuration "
        "(TypeError: unexpected keyword argument 'flavour'); "
        "restore the file, or use another model"
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    assert message(lambda: read_weights(path)) == (
        f"{path}: no weights file here; is the model's folder whole?"
    )


def whole(path: Path) -> bytes:
    save_file({"a": torch.zeros(100)}, path)
    return path.read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:100],
        lambda data: b"PK\x03\x04" + bytes(200),
        lambda data: data[:8] + b"!" + data[9:],
    ],
    ids=["empty", "torn", "torn early", "a zip file", "a broken header"],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(damage(whole(path)))
    said = message(lambda: read_weights(path))
    # In brackets stands what the safetensors library makes of it.
    assert said.startswith(f"{path}: is not a readable safetensors file (")
    assert said.endswith("); fetch or install it again")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    said = message(lambda: read_weights(tmp_path))
    assert said.startswith(f"{tmp_path}: is not a readable safetensors file (")


def without(state: dict[str, Tensor], *keys: str) -> dict[str, Tensor]:
    return {key: value for key, value in state.items() if key not in keys}


@pytest.mark.parametrize(
    ("state", "faults"),
    [
        (without(network().state_dict(), "0.bias"), ["0.bias is missing"]),
        (
            {**network().state_dict(), "head": torch.zeros(1)},
            ["head is not part of the network"],
        ),
        (
            {**network().state_dict(), "0.weight": torch.zeros(4, 3)},
            ["0.weight has shape (4, 3), expected (2, 3)"],
        ),
        (
            {f"block.{k}.weight": torch.zeros(1) for k in range(3)},
            [
                "0.bias is missing",
                "0.weight is missing",
                "1.bias is missing",
                "1.num_batches_tracked is missing",
                "1.running_mean is missing",
                "and 5 more",
            ],
        ),
    ],
)
def test_weights_of_another_architecture_are_refused(
    state: dict[str, Tensor], faults: list[str]
) -> None:
    path = Path("folder/weights.safetensors")
    listed = "\n".join(f"  {fault}" for fault in faults)
    assert message(lambda: load_state(network(), state, path)) == (
        f"{path}: does not fit the Sequential that the model's configuration describes:\n"
        f"{listed}\nweights and configuration belong together; restore both from one source"
    )


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_told_with_its_tensor(tmp_path: Path, bad: float) -> None:
    damaged = network().state_dict()
    damaged["0.weight"][1, 2] = bad
    path = tmp_path / "weights.safetensors"
    save_file(damaged, path)
    assert message(lambda: load_network(network, tmp_path / "config.json", path)) == (
        f"{path}: 0.weight holds numbers that are infinite or none (NaN); the file is damaged, "
        "or its training failed: fetch it again, or use another one"
    )


def test_large_numbers_are_finite_though_their_sum_is_not(tmp_path: Path) -> None:
    check_finite({"a": torch.full((4,), 3e38), "count": torch.tensor(7)}, tmp_path)

"""Networks that are on the device only while they work."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from pipeline.networks.memory.offload import loaded_on, offloaded

META, CPU = torch.device("meta"), torch.device("cpu")


def network() -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)).eval().requires_grad_(False)


def places(module: nn.Module) -> set[str]:
    return {tensor.device.type for tensor in (*module.parameters(), *module.buffers())}


def test_weights_are_on_the_device_during_a_visit_only() -> None:
    module = network()
    own = {name: value.clone() for name, value in module.state_dict().items()}
    with loaded_on(module, META):
        assert places(module) == {"meta"}
        assert not any(weight.requires_grad for weight in module.parameters())
        assert module(torch.zeros(1, 3, 2, 2, device=META)).device == META
    assert places(module) == {"cpu"}
    assert all(torch.equal(value, own[name]) for name, value in module.state_dict().items())


def test_a_visit_within_a_visit_does_nothing() -> None:
    module = network()
    with loaded_on(module, META):
        guest = module[0].weight
        with loaded_on(module, META):
            assert module[0].weight is guest
        assert module[0].weight is guest
    assert places(module) == {"cpu"}


def test_a_network_that_is_there_already_is_not_copied() -> None:
    module = network()
    own = module[0].weight
    with loaded_on(module, CPU):
        assert module[0].weight is own


def test_a_part_without_weights_has_nothing_to_bring() -> None:
    pool = nn.AvgPool2d(2)
    with loaded_on(pool, META):
        assert pool(torch.ones(1, 1, 2, 2)).item() == 1


def test_weights_come_home_after_an_error() -> None:
    module = network()
    with pytest.raises(RuntimeError), loaded_on(module, META):
        raise RuntimeError
    assert places(module) == {"cpu"}


def test_a_visitor_gives_what_the_function_gives() -> None:
    module = network()
    places_seen: list[set[str]] = []

    def call(x: Tensor, factor: Tensor) -> Tensor:
        places_seen.append(places(module))
        return x * factor

    two = torch.tensor(2.0)
    assert offloaded(call, module, META)(two, torch.tensor(3.0)) == 6
    assert places_seen == [{"meta"}]


def test_a_gradient_may_be_taken_after_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph keeps the weights that it was made with."""
    module = network()
    x = torch.randn(1, 3, 2, 2, requires_grad=True)
    (expected,) = torch.autograd.grad(module(x).square().sum(), x)
    # There may be no other device here: another number format stands in, which a backward pass
    # through the wrong weights would not survive either.
    copied = torch.Tensor.to
    monkeypatch.setattr(torch.Tensor, "to", lambda weight, device: copied(weight, torch.float32))
    module.double()
    with loaded_on(module, META):
        output = module(x).square().sum()
    assert module[0].weight.dtype == torch.float64
    (found,) = torch.autograd.grad(output, x)
    torch.testing.assert_close(found, expected)

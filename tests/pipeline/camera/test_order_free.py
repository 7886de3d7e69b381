from __future__ import annotations

import pytest
import torch

from pipeline.camera.order_free import order_free


@pytest.mark.parametrize("warns", [False, True])
def test_what_torch_was_told_holds_again_afterwards(warns: bool) -> None:
    torch.use_deterministic_algorithms(True, warn_only=warns)
    try:
        with pytest.raises(KeyError), order_free():
            assert not torch.are_deterministic_algorithms_enabled()
            raise KeyError
        assert torch.are_deterministic_algorithms_enabled()
        assert torch.is_deterministic_algorithms_warn_only_enabled() is warns
    finally:
        torch.use_deterministic_algorithms(False)

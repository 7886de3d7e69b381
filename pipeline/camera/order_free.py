"""Operations whose results do not depend on the order of their parts, such as a least value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def order_free() -> Iterator[None]:
    """Let the body run where torch is told to be deterministic and does not know that it is.

    It refuses to scatter to a least value on a graphics card, as it does sums: those change with
    their order, the least of some numbers does not.
    """
    was = torch.are_deterministic_algorithms_enabled()
    warns = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(False)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(was, warn_only=warns)

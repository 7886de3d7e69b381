"""Too little memory, told apart from all other faults and put into words. Imports no torch.

Torch has a class for the refusals of a GPU. Those of main memory, which ends on a CPU and while
weights are read, come as a plain `RuntimeError` or `OSError` and are known by their words.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import Error

_REFUSAL = re.compile(
    r"out of memory|not enough memory|can(no|')t allocate memory|std::bad_alloc|ALLOC_FAILED"
    r"|failed to map segment from shared object$",
    re.IGNORECASE,
)
"""What CUDA, torch's allocators, mmap, C++ and the loader of libraries say where memory ends."""


def is_shortage(error: BaseException) -> bool:
    """Whether `error` says that the memory of any device does not do."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM or bool(_REFUSAL.search(str(error)))
    if isinstance(error, RuntimeError | ImportError):
        return bool(_REFUSAL.search(str(error)))
    return isinstance(error, MemoryError)


@contextmanager
def shortage_told(words: str) -> Iterator[None]:
    """The body, whose lack of memory is the message `words`.

    Raises:
        Error: the memory did not do.
    """
    try:
        yield
    except Exception as error:
        if is_shortage(error):
            raise Error(words) from error
        raise

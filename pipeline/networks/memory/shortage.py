"""Out-of-memory errors, told apart from all others and put into words. Imports no torch.

Torch has a class for the errors of a GPU. Those of main memory, which runs out on a CPU and while
weights are read, are a plain `RuntimeError` or `OSError`, known by their words.
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
    """Whether `error` says that a device, or the machine, is out of memory."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM or bool(_REFUSAL.search(str(error)))
    if isinstance(error, RuntimeError | ImportError):
        return bool(_REFUSAL.search(str(error)))
    return isinstance(error, MemoryError)


@contextmanager
def shortage_told(words: str) -> Iterator[None]:
    """Turn an out-of-memory error of the body into an `Error` with the message `words`.

    Raises:
        Error: the memory was too small.
    """
    try:
        yield
    except Exception as error:
        if is_shortage(error):
            raise Error(words) from error
        raise

"""Lacks of memory are known whoever tells them, and other faults are not taken for them."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest
import torch

from pipeline.errors import Error
from pipeline.networks.memory.shortage import is_shortage, shortage_told

TOO_MUCH = 1 << 50
"""Bytes that no machine has."""


@pytest.mark.parametrize(
    "words",
    [
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 4718592 bytes.",
        "DefaultCPUAllocator: not enough memory: you tried to allocate 4718592 bytes.",
        "CUDA error: out of memory",
        "MPS backend out of memory (MPS allocated: 17.83 GB)",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "unable to mmap 64 bytes from file <net.pt>: Cannot allocate memory (12)",
        "std::bad_alloc",
    ],
)
def test_the_words_of_every_allocator_are_known(words: str) -> None:
    assert is_shortage(RuntimeError(words))


def test_the_classes_for_it_are_known_whatever_they_say() -> None:
    assert is_shortage(MemoryError())
    assert is_shortage(OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)))
    assert is_shortage(torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"))


def test_libraries_that_do_not_fit_are_known_and_forbidden_ones_are_another_fault() -> None:
    fault = "libtorch_cpu.so: failed to map segment from shared object"
    assert is_shortage(ImportError(fault))
    assert not is_shortage(ImportError(f"{fault}: Operation not permitted"))


def test_the_real_refusals_of_this_machine_are_known() -> None:
    for ask in (lambda: torch.empty(TOO_MUCH), lambda: np.empty(TOO_MUCH), lambda: bytes(TOO_MUCH)):
        with pytest.raises((RuntimeError, MemoryError)) as caught:
            ask()
        assert is_shortage(caught.value), caught.value


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        KeyError("out of memory"),
        ValueError("a prompt about being out of memory"),
        Error("found a title, out of memory"),
    ],
)
def test_other_faults_stay_what_they_are(error: Exception) -> None:
    assert not is_shortage(error)
    with pytest.raises(type(error)) as caught, shortage_told("too large"):
        raise error
    assert caught.value is error


def test_a_shortage_is_told_in_the_words_given() -> None:
    with pytest.raises(Error, match=r"^too large$"), shortage_told("too large"):
        bytes(TOO_MUCH)

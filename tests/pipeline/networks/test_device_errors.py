from __future__ import annotations

import pytest
import torch

from pipeline.errors import Error
from pipeline.networks.device_errors import device_errors_told, device_words


@pytest.mark.parametrize(
    "error",
    [
        torch.AcceleratorError("CUDA error: unspecified launch failure\nSearch for `cudaError...'"),
        torch.AcceleratorError("unknown failure of an accelerator of tomorrow"),
        RuntimeError("CUDA error: an illegal memory access was encountered"),
        RuntimeError("CUDA error: uncorrectable ECC error encountered"),
        RuntimeError("CUDA driver error: unknown error"),
        RuntimeError("CUDA unknown error - this may be due to an incorrectly set up environment"),
        RuntimeError("HIP error: the operation cannot be performed in the present state"),
        RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
        RuntimeError("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm( h )`"),
        RuntimeError("MPS backend error: command buffer exited with error status"),
        RuntimeError("Unexpected error from cudaGetDeviceCount(). Error 802: not yet initialized"),
    ],
    ids=lambda error: str(error)[:30],
)
def test_a_device_that_fails_is_told_with_the_way_on(error: RuntimeError) -> None:
    words = device_words(error)
    first, *_ = str(error).rstrip(".").split("\n")
    assert words.startswith(f"the device does not answer any more ({first}): it was lost")
    assert "the same command goes on" in words and "--device cpu" in words


@pytest.mark.parametrize(
    "message",
    [
        "CUDA error: no kernel image is available for execution on the device",
        "Found no NVIDIA driver on your system",
        "CUDA error: the provided PTX was compiled with an unsupported toolchain.",
    ],
)
def test_a_build_that_does_not_fit_is_told_as_such(message: str) -> None:
    words = device_words(RuntimeError(message))
    assert words.startswith(f"torch cannot use the device ({message.rstrip('.')}); install ")


def test_an_operation_that_cannot_be_exact_is_named() -> None:
    refusal = (
        "grid_sampler_2d_backward_cuda does not have a deterministic implementation, but you set "
        "'torch.use_deterministic_algorithms(True)'. You can turn off determinism just for this ..."
    )
    assert device_words(RuntimeError(refusal)) == (
        "--deterministic cannot be kept on this device: grid_sampler_2d_backward_cuda has no way "
        "to give the same bits every time; render without it, or with --device cpu, whose bits are "
        "always the same"
    )
    product = RuntimeError("this operation is not deterministic because it uses CuBLAS and you ...")
    assert "a product of matrices has no way" in device_words(product)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: device-side assert triggered"),
        torch.AcceleratorError("CUDA error: invalid argument"),
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        ValueError("CUDA error: unspecified launch failure"),
        OSError("device lost"),
    ],
    ids=str,
)
def test_a_bug_stays_a_bug(error: Exception) -> None:
    assert device_words(error) == ""
    with pytest.raises(type(error)) as caught, device_errors_told("frame 3"):
        raise error
    assert caught.value is error


def test_an_error_says_what_was_in_work() -> None:
    with (
        pytest.raises(Error, match=r"^frame 3: the device does not ans"),
        device_errors_told("frame 3"),
    ):
        raise RuntimeError("CUDA error: unspecified launch failure")

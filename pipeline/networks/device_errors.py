"""Errors of a device that is no lack of memory: told apart from bugs, and put into words.

Imports no torch, whose errors of a device are `RuntimeError`s known by their words, and since 2.8
of a class of their own. A device that has failed answers nobody in this process any more: only a
new one can go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import Error

_OF_A_DEVICE = re.compile(
    r"\b(CUDA|HIP|XPU|MPS)( driver| unknown| backend)? error\b"
    r"|\b(CUDNN|CUBLAS|CUSOLVER|MIOPEN)_STATUS_|\bcuDNN error\b|cudaGetDeviceCount"
    r"|no NVIDIA driver|driver shutting down|\bdevice lost\b"
)
_CLASS = "AcceleratorError"
_BUG = re.compile(
    r"device-side assert|invalid argument|invalid configuration|invalid resource handle"
    r"|misaligned address|_BAD_PARAM|_INVALID_VALUE|_NOT_SUPPORTED"
)
"""What a device says of a program that asked it for nonsense, and works on after that."""
_UNFIT = re.compile(
    r"no kernel image|invalid device function|unsupported toolchain|driver version is insufficient"
    r"|no NVIDIA driver|provided PTX"
)
_INEXACT = re.compile(r"(\S+) does not have a deterministic implementation|uses CuBLAS")

_GONE = (
    "the device does not answer any more ({words}): it was lost, its driver was reset, or it is "
    "too hot or out of order. Finished frames are safe; the same command goes on once it works "
    "again, after a restart of the computer at the latest. --device cpu does without it, and asks "
    "for --accept-machine, as a processor rounds otherwise"
)
_OTHER_BUILD = (
    "torch cannot use the device ({words}); install a driver and a build of torch that fit it, or "
    "render with --device cpu"
)
_NO_EXACT_WAY = (
    "--deterministic cannot be kept on this device: {words} has no way to give the same bits every "
    "time; render without it, or with --device cpu, whose bits are always the same"
)


def device_words(error: BaseException) -> str:
    """What an error of the device means, and what may be done; "" for any other error."""
    if not isinstance(error, RuntimeError):
        return ""
    text = str(error)
    if refused := _INEXACT.search(text):
        return _NO_EXACT_WAY.format(words=refused[1] or "a product of matrices")
    known = any(one.__name__ == _CLASS for one in type(error).__mro__)
    if not (known or _OF_A_DEVICE.search(text)) or _BUG.search(text):
        return ""
    words = text.strip().partition("\n")[0].rstrip(" .")
    return (_OTHER_BUILD if _UNFIT.search(text) else _GONE).format(words=words)


@contextmanager
def device_errors_told(what: str) -> Iterator[None]:
    """Turn an error of the device in the body into an `Error` about `what`, such as `frame 12`.

    Raises:
        Error: the device does not answer, is of no use to torch, or cannot be exact.
    """
    try:
        yield
    except RuntimeError as error:
        if told := device_words(error):
            raise Error(f"{what}: {told}") from error
        raise

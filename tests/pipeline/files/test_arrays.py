"""Named arrays as the bytes of a file, and bytes that are none."""

from __future__ import annotations

import io
from contextlib import suppress

import numpy as np
import pytest

from pipeline.files.arrays import decode_arrays, encode_arrays

ARRAYS = {
    "noise.ids": np.arange(12, dtype=np.int64).reshape(3, 4),
    "anchor.picture": np.linspace(-1, 1, 5, dtype=np.float16),
    "empty": np.zeros((0, 3), np.uint8),
}


def test_arrays_come_back_as_they_were() -> None:
    back = decode_arrays(encode_arrays(ARRAYS))
    assert back.keys() == ARRAYS.keys()
    for name, values in ARRAYS.items():
        assert back[name].dtype == values.dtype
        np.testing.assert_array_equal(back[name], values)


def test_equal_arrays_make_equal_bytes() -> None:
    copies = {name: values.copy() for name, values in ARRAYS.items()}
    assert encode_arrays(copies) == encode_arrays(ARRAYS)


def test_none_at_all_are_arrays_too() -> None:
    assert decode_arrays(encode_arrays({})) == {}


@pytest.mark.parametrize("end", [0, 10, 100])
def test_bytes_that_are_cut_off_are_refused(end: int) -> None:
    with pytest.raises(ValueError, match="archive"):
        decode_arrays(encode_arrays(ARRAYS)[:end])


def test_bytes_that_were_changed_are_refused_or_harmless() -> None:
    data = encode_arrays(ARRAYS)
    for place in range(0, len(data), 7):
        changed = bytearray(data)
        changed[place] ^= 0xFF
        with suppress(ValueError):
            decode_arrays(bytes(changed))


def test_pickles_are_refused() -> None:
    file = io.BytesIO()
    np.savez(file, thing=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        decode_arrays(file.getvalue())

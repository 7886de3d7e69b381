"""Files beside frames: what they note, and what is told where the disk refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.files.png import encode_png
from pipeline.output.kept import keep, note_in, read_source

PICTURE = encode_png(np.full((3, 5, 3), 70, np.uint8), "of a frame")


def test_what_is_kept_says_what_it_was_made_of(tmp_path: Path) -> None:
    """In a folder that is made for it; a torn file says nothing, nor one that is not there."""
    file = tmp_path / "new" / "city" / "000003.png"
    assert note_in(file) == ""
    keep(file, PICTURE)
    assert (read_source(file), note_in(file)) == (PICTURE, "of a frame")
    file.write_bytes(PICTURE[:-5])
    assert note_in(file) == ""


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunError, match=r"cannot write .*file/a\.png"):
        keep(tmp_path / "file" / "a.png", PICTURE)
    with pytest.raises(RunError, match=r"cannot read .*none\.png: No such file"):
        read_source(tmp_path / "none.png")

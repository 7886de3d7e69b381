"""One process at a time makes the video of a folder, and clears what a killed one left."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.output.turn import output_turn
from tests import child
from tests.pipeline.files.test_locks import without_flock

HOLD = """
import sys, time
from pathlib import Path
from pipeline.output.turn import output_turn
with output_turn(Path(sys.argv[1]), ()):
    print("held", flush=True)
    time.sleep(60)
"""


def test_what_is_half_written_goes_and_the_rest_stays(tmp_path: Path) -> None:
    half = [tmp_path / ".video-1-ab.part.mp4", tmp_path / ".night.part.mov"]
    whole = [tmp_path / name for name in ("a.mp4", "b.part.mp4", ".progress.part.png", ".a.mp4")]
    for path in (*half, *whole):
        path.write_bytes(b"x")
    pictures = tmp_path / ".video-1-ab.part"
    pictures.mkdir()
    (pictures / "00.png").write_bytes(b"x")
    with output_turn(tmp_path, (".mp4", ".mov")):
        assert not any(path.exists() for path in (*half, pictures))
        assert all(path.exists() for path in whole)


def test_the_turn_passes_on(tmp_path: Path) -> None:
    for _ in range(2):
        with output_turn(tmp_path, ()):
            pass
    with pytest.raises(KeyError), output_turn(tmp_path, ()):
        raise KeyError
    with output_turn(tmp_path, ()):
        pass


def test_a_second_process_is_refused_and_a_killed_one_blocks_nobody(tmp_path: Path) -> None:
    left = tmp_path / ".video-1-ab.part.mp4"
    argv = [sys.executable, "-c", HOLD, str(tmp_path)]
    with child.start(argv, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        left.write_bytes(b"x")
        with (
            pytest.raises(RunError, match=r"another process makes the video in .*; wait for it"),
            output_turn(tmp_path, (".mp4",)),
        ):
            pass
        assert left.exists(), "it belongs to the other process"
        holder.kill()
    with output_turn(tmp_path, (".mp4",)):
        assert not left.exists()


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunError, match=r"^cannot write "), output_turn(tmp_path / "file", ()):
        pass


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_a_share_knows_no_locks_a_marker_stands_for_one(tmp_path: Path, code: int) -> None:
    with without_flock(code):
        with output_turn(tmp_path, ()):
            (marker,) = tmp_path.glob(".output.lock.*")
            told = rf"stop it, or delete {re.escape(str(marker))} if there is no such process"
            with pytest.raises(RunError, match=told), output_turn(tmp_path, ()):
                pass
        assert not marker.exists()

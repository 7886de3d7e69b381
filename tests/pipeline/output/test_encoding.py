"""ffmpeg on a full disk, on what it prints, and when whoever started it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from pipeline.errors import Error, FFmpegError
from pipeline.files.png import encode_png
from pipeline.output.encoding import encode
from tests import child
from tests.pipeline.videos import make, write_frames

ASSEMBLE = """
import sys
from pathlib import Path
from tests.pipeline.videos import make
out = Path(sys.argv[1])
frames = sorted((out.parent / "frames").iterdir())
make(frames, out, crf=0, preset="veryslow", progress=lambda done: print(done, flush=True))
"""


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """A shell script in the place of ffmpeg; `$target` is the file that it is to write."""
    program = folder / "stand-in"
    head = '#!/bin/sh\nfor last; do :; done\ntarget="${last#file:}"\n'
    program.write_text(head + "\n".join(lines) + "\n")
    program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))


@pytest.mark.parametrize("words", ["No space left on device", "Disk quota exceeded"])
def test_a_full_disk_is_told_with_the_room_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    frames = write_frames(tmp_path / "frames", 20)
    stand_in(
        tmp_path,
        monkeypatch,
        'head -c 3000000 /dev/zero > "$target"',
        "echo frame=5",
        f'echo "[out#0/mp4 @ 0x1] Error writing trailer: {words}" >&2',
        "exit 228",
    )
    (tmp_path / "out").mkdir()
    with pytest.raises(Error) as caught:
        make(frames, tmp_path / "out" / "a.mp4")
    assert str(caught.value) == (
        "the disk is full: the video needs about 13.2 MB, and only 3 MB (5 of 20 frames) found "
        f"room in {tmp_path}/out; make room for 10.2 MB more, then the same command makes it: "
        "every frame is kept"
    )
    assert not list((tmp_path / "out").iterdir())
    assert len(list((tmp_path / "frames").iterdir())) == 20


def test_a_disk_that_was_full_before_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "echo 'a.mp4: No space left on device' >&2", "exit 228")
    with pytest.raises(Error, match=r"^the disk is full: there is no room for the video in "):
        make(write_frames(tmp_path / "frames", 2), tmp_path / "a.mp4")


def test_all_that_ffmpeg_says_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    line = "x" * 99
    stand_in(tmp_path, monkeypatch, f"for n in $(seq 5000); do echo {line} >&2; done", "exit 7")
    with pytest.raises(FFmpegError) as caught:
        make(write_frames(tmp_path / "frames", 2), tmp_path / "a.mp4")
    assert caught.value.code == 7 and line in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_program_that_a_signal_ends_has_its_number(tmp_path: Path) -> None:
    argv = ["/bin/sh", "-c", "kill -9 $$"]
    with pytest.raises(FFmpegError) as caught:
        encode(argv, tmp_path, 1, tmp_path / "a.mp4", print)
    assert caught.value.code == 128 + 9


def noisy_frames(folder: Path, count: int) -> None:
    """Frames that take ffmpeg long."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    data = [encode_png(rng.integers(0, 256, (256, 256, 3), dtype=np.uint8)) for _ in range(4)]
    for frame in range(count):
        (folder / f"{frame:06d}.png").write_bytes(data[frame % 4])


def writers(path: Path) -> list[int]:
    """The processes that have the file open."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) == str(path):
                found.append(int(link.parts[2]))
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="asks /proc who has a file open")
@pytest.mark.parametrize("order", [signal.SIGKILL, signal.SIGTERM])
def test_ffmpeg_ends_with_whoever_started_it(tmp_path: Path, order: signal.Signals) -> None:
    noisy_frames(tmp_path / "frames", 400)
    argv = [sys.executable, "-c", ASSEMBLE, str(tmp_path / "a.mp4")]
    with child.start(argv, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        while int(command.stdout.readline()) < 1:
            pass
        (half,) = tmp_path.glob(".video-*.part.mp4")
        assert str(command.pid) in half.name
        assert writers(half)
        command.send_signal(order)
    killed = monotonic()
    while writers(half):
        assert monotonic() - killed < 5
        sleep(0.02)
    # What it has left is nobody's: the next command writes elsewhere.
    frames = sorted((tmp_path / "frames").iterdir())[:20]
    again = make(frames, tmp_path / "a.mp4", crf=30)
    assert again.read_bytes() == make(frames, tmp_path / "clean.mp4", crf=30).read_bytes()

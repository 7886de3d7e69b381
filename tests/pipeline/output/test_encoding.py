"""ffmpeg on a full disk, on what it prints, and when whoever started it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from pipeline.errors import Error, FFmpegError, RunError
from pipeline.files.png import Pixels, encode_png
from pipeline.output.encoding import Pictures, encode
from tests import child
from tests.pipeline.videos import make, write_frames

ASSEMBLE = """
import sys
from collections.abc import Iterator
from dataclasses import replace
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


def test_a_disk_that_is_too_small_for_pictures_is_told_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = write_frames(tmp_path / "frames", 20)
    stand_in(
        tmp_path,
        monkeypatch,
        'head -c 3000000 /dev/zero > "$(dirname "$target")/00.png"',
        "echo frame=5",
        'echo "00.png: No space left on device" >&2',
        "exit 228",
    )
    (tmp_path / "out").mkdir()
    words = r"needs about 13\.2 MB, and only 3 MB \(5 of 20 frames\) found room in .*/out; "
    with pytest.raises(Error, match=words):
        make(frames, tmp_path / "out" / "made", file="m/##.png")
    assert not list((tmp_path / "out").iterdir())


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
    with pytest.raises(FFmpegError) as caught:
        encode(["/bin/sh", "-c", "kill -9 $$"], grey(1), tmp_path / "a.mp4", print)
    assert caught.value.code == 128 + 9


def test_a_program_gets_every_byte_and_then_the_end(tmp_path: Path) -> None:
    target = tmp_path / "raw"
    encode(["/bin/sh", "-c", f"cat > '{target}'; echo frame=3"], grey(3), target, print)
    assert target.read_bytes() == b"".join(picture.tobytes() for picture in grey(3).made)


@pytest.mark.parametrize("there", [0, 2])
def test_pictures_that_end_early_end_the_program(tmp_path: Path, there: int) -> None:
    """What was cut short is never finished: nothing after the input's end is done."""
    short = replace(grey(3), made=list(grey(3).made)[:there])
    target = tmp_path / "raw"
    argv = ["/bin/sh", "-c", f"cat > /dev/null; touch '{target}'; echo frame=3"]
    with pytest.raises(FFmpegError) as caught:
        encode(argv, short, target, print)
    assert caught.value.code == 128 + 9
    assert not target.exists()


def test_a_picture_that_cannot_be_made_ends_the_program(tmp_path: Path) -> None:
    def made() -> Iterator[Pixels]:
        yield from list(grey(1).made)
        raise RunError("gone")

    target = tmp_path / "raw"
    argv = ["/bin/sh", "-c", f"cat > /dev/null; touch '{target}'"]
    with pytest.raises(RunError, match=r"^gone$"):
        encode(argv, replace(grey(3), made=made()), target, print)
    assert not target.exists()


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    other = replace(grey(2), size=(4, 5))
    with pytest.raises(ValueError, match=r"^expected \(5, 4, 3\) pixels, found \(2, 4, 3\)$"):
        encode(["/bin/cat"], other, tmp_path / "raw", print)


def grey(count: int) -> Pictures:
    """Pictures that are lighter and lighter."""
    made = [np.full((2, 4, 3), 20 * frame, np.uint8) for frame in range(count)]
    return Pictures(made, count, (4, 2))


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

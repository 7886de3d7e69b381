"""The sound of a video: which second of it lies where, and how ffmpeg puts it there.

Convention:
    Second 0 of a sound is its first sample as it is decoded, without what an encoder has put
    before it; time counts samples, as in `pipeline.music.sound`, and not what a file says of time.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pipeline.errors import Error
from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.sound import sound_fault, sound_input


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """A sound file, the second of it that falls on the first frame, and its fades in seconds."""

    file: Path
    start: float = 0.0
    """Below 0, so many seconds of silence come first."""
    fade_in: float = 0.0
    """From the first frame on."""
    fade_out: float = 0.0
    """Up to the end of the video."""

    def check(self) -> None:
        """Raise Error, with the remedy, unless the file holds sound that can be used."""
        remedy = (
            "or name another file under music.file and render the scene again with the same --out; "
            "its frames are kept"
        )
        if not self.file.is_file():
            raise Error(f"the soundtrack {self.file} does not exist; put it there, {remedy}")
        if fault := sound_fault(self.file):
            raise Error(f"the soundtrack {self.file} {fault}, {remedy}")
        if self.start > 0 and not self._is_heard():
            raise Error(
                f"the soundtrack {self.file} ends before second {self.start:g}, where the video "
                "begins; write an earlier music.start and render the scene again with the same "
                "--out; its frames are kept"
            )

    def _is_heard(self) -> bool:
        """Whether there is anything of it from `start` on."""
        argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", *self.input()]
        argv += ["-map", "0:a:0", "-af", self.filters(Fraction(1)), "-frames:a", "1"]
        done = subprocess.run([*argv, "-f", "framecrc", "-"], capture_output=True)
        return any(not line.startswith(b"#") for line in done.stdout.splitlines())

    def input(self) -> list[str]:
        """Arguments that make it an input of ffmpeg."""
        return sound_input(self.file)

    def filters(self, duration: Fraction) -> str:
        """The filter that lays it under a video of `duration` seconds."""
        return ",".join(self._filters(float(duration)))

    def _filters(self, duration: float) -> Iterator[str]:
        # What is passed over is decoded: to seek in a file is exact in some formats only.
        yield "asetpts=N/SR/TB"
        if self.start > 0:
            yield f"atrim=start={self.start:.6f}"
            yield "asetpts=PTS-STARTPTS"
        if self.start < 0:
            yield f"adelay=delays={-1000 * self.start:.3f}:all=1"
        # Without the exact cut, the end of the picture would cost the sound its last packets.
        yield f"atrim=end={duration:.6f}"
        if self.fade_in:
            yield f"afade=t=in:d={self.fade_in:.6f}"
        if self.fade_out:
            length = min(self.fade_out, duration)
            yield f"afade=t=out:st={duration - length:.6f}:d={length:.6f}"

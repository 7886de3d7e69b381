"""Metadata tags of a video file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from pipeline.errors import FFmpegError
from pipeline.files.ffmpeg import ffmpeg, file_url


def read_metadata(video: Path) -> dict[str, str]:
    """The tags of a video file, such as `title` and `comment`; FFmpegError if it is not one."""
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error"]
    argv += ["-i", file_url(video), "-f", "ffmetadata", "-"]
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise FFmpegError(argv, done.returncode, done.stderr)
    return _tags(done.stdout)


def _tags(text: str) -> dict[str, str]:
    """The global tags of ffmpeg's metadata format, which puts a backslash before = ; # \\ \\n."""
    head = re.split(r"^\[", text, maxsplit=1, flags=re.MULTILINE)[0]
    pairs = re.findall(r"^((?:[^=;#\\\n]|\\.)+)=((?:[^\\\n]|\\(?:.|\n))*)$", head, re.MULTILINE)
    return {_unescaped(name): _unescaped(value) for name, value in pairs}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.|\n)", r"\1", text)

"""Renders that are stopped in the middle of their work."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

from tests import child
from tests.command_line import command, environment


def start_and_stop(
    scene: Path, out: Path, number: signal.Signals, *options: str | Path
) -> subprocess.Popen[str]:
    """A render that got `number` once its third frame was there."""
    process = child.start(
        command("render", scene, "--out", out, *options),
        cwd=scene.parent,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    third = out / "frames" / "000002.png"
    deadline = time.monotonic() + 200
    while not third.exists():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline, "no third frame within 200 s"
        time.sleep(0.01)
    process.send_signal(number)
    return process

"""Makes one animatic in a process of its own, which is killed when nobody wants it any more.

On its standard input come the length of a job in 8 bytes and the job, pickled by the process that
started it; the input then stays open, and its end ends this process. On its standard output go
lines of JSON: `{"done": 12}` after some frames, at last `{"ready": true}` or `{"fault": "..."}`.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from keyframes.timebase import Timebase
from pipeline.errors import Error
from pipeline.output.animatic_film import write_animatic
from pipeline.output.animatic_making import make_animatic
from pipeline.spec.plan import Plan

LENGTH = 8
"""Bytes of the number that says how long a job is, the most significant first."""


@dataclass(frozen=True, slots=True)
class Job:
    """An animatic that is wanted."""

    plan: Plan
    timebase: Timebase
    part: range
    """Frames of the video."""
    render: Path
    """Folder of the render, whose key frames are shown."""
    target: Path

    def packed(self) -> bytes:
        """The job as the worker reads it."""
        data = pickle.dumps(self)
        return len(data).to_bytes(LENGTH) + data


def main() -> None:
    """Do the one job on standard input."""
    job = _read_job(sys.stdin.buffer)
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        animatic = make_animatic(job.plan, job.part, job.timebase, job.render)
        write_animatic(animatic, job.target, lambda done: _say(done=done))
    except Error as error:
        _say(fault=str(error))
    except OSError as error:
        _say(fault=f"the animatic cannot be written: {error.strerror or error}")
    else:
        _say(ready=True)


def _read_job(stream: BinaryIO) -> Job:
    length = int.from_bytes(stream.read(LENGTH))
    if not length:  # the one who asked has gone
        raise SystemExit(0)
    job = pickle.loads(stream.read(length))
    assert isinstance(job, Job)
    return job


def _end_with_input() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def _say(**news: object) -> None:
    print(json.dumps(news), flush=True)

"""What follows the last frame: pictures at the size that the scene asks for, the video, the sheet.

`render` and `assemble` end here. Standard output says where the results lie; torch is imported
only where a network has to enlarge a frame.
"""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console

from pipeline.catalogue.network_digests import UPSCALER, upscaler_fingerprint
from pipeline.cli.progress import progress
from pipeline.cli.terminal import say, tell
from pipeline.output.delivery import make_sheet, make_video
from pipeline.output.enlargement import FOLDER, Enlargement, UpscaleFn
from pipeline.output.ffmpeg import SUFFIXES
from pipeline.output.fit import effective_fit
from pipeline.output.turn import output_turn
from pipeline.run.footage import Footage


def finish(footage: Footage, folder: Path, device: str, console: Console) -> None:
    """Enlarge frames, write a contact sheet, and then the video, which stills have none of.

    `folder` is the run's, `device` what `pick_device` takes; `console` shows the progress.

    Raises:
        Error: the disk or ffmpeg refuses, another process is at it, or there is no such device.
        KeyboardInterrupt: after a word on how many frames are enlarged.
    """
    stills = footage.output.stills
    with output_turn(folder, SUFFIXES):
        footage = _enlarged(footage, folder, device, console)
        # The sheet comes first: sound or a full disk may prevent a video.
        sheet = make_sheet(footage.frames, None if stills else footage.fps, folder)
        try:
            if stills:
                say(f"pictures       {footage.frames[0].parent}")
            else:
                say(f"video          {make_video(footage, folder)}")
        finally:
            say(f"contact sheet  {sheet}")


def _enlarged(footage: Footage, folder: Path, device: str, console: Console) -> Footage:
    """`footage` at the size that its scene asks for; a video's Lanczos is ffmpeg's work."""
    output = footage.output
    if output.size is None or (output.upscale == "lanczos" and not output.stills):
        return footage
    made_by = upscaler_fingerprint() if output.upscale == "starter" else output.upscale
    fit = effective_fit(footage.size, output.size, output.fit)
    larger = Enlargement(footage.frames, folder / FOLDER, output.size, made_by, fit)
    if missing := larger.missing():
        _make_larger(larger, missing, _upscale(output.upscale, device), console)
    sized = dataclasses.replace(output, size=None)
    enlarged = footage.with_pictures(dict(zip(footage.frames, larger.files, strict=True)))
    return dataclasses.replace(enlarged, size=output.size, output=sized)


def _upscale(name: str, device: str) -> UpscaleFn:
    """The function behind `output.upscale`; `Enlargement` itself does what is left to a filter."""
    if name == "lanczos":
        return lambda pixels: pixels
    from pipeline.networks.devices import pick_device
    from pipeline.networks.upscaler import load_upscaler

    gc.enable()
    return load_upscaler(UPSCALER, pick_device(device)).enlarge


def _make_larger(
    larger: Enlargement, missing: Sequence[Path], upscale: UpscaleFn, console: Console
) -> None:
    total = len(larger.frames)
    done = total - len(missing)
    try:
        with progress(console, total=total, done=done, label="upscaling") as report:
            started = perf_counter()
            for _ in larger.make(missing, upscale):
                now = perf_counter()
                report(done, now - started)
                started, done = now, done + 1
    except KeyboardInterrupt:
        tell(f"{done} of {total} frames upscaled; the same command continues")
        raise

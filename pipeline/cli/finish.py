"""What follows the last frame: pictures at the sizes that the scene asks for, videos, the sheet.

`render` and `assemble` end here. Standard output says where the results lie; torch is imported
only where a network has to enlarge a frame.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console

from pipeline.catalogue.network_digests import UPSCALER, upscaler_fingerprint
from pipeline.cli.frame_depths import frame_depths
from pipeline.cli.progress import counting, work_through
from pipeline.cli.terminal import say, tell
from pipeline.files.png import Pixels
from pipeline.output.composition import Pictured, View, composed
from pipeline.output.delivery import frames_in, make_sheet, make_video
from pipeline.output.depth_maps import DepthMaps
from pipeline.output.enlargement import FOLDER, Enlargement, UpscaleFn
from pipeline.output.fit import effective_fit, place
from pipeline.output.turn import output_turn
from pipeline.run.directory import RunDirectory
from pipeline.run.footage import Footage, Layer
from pipeline.spec.plan import OutputSpec
from pipeline.spec.video_formats import SUFFIXES, numbered_pictures

_PATIENCE = 10.0
"""Seconds of an encoding that are not worth a word."""


@dataclass(frozen=True, slots=True)
class _Take:
    """The footage for one output, at the size in which it is assembled."""

    footage: Footage
    output: OutputSpec
    """What is left to be done."""
    view: View | None = None
    """How the pictures of the footage show its frames; None where they are as large."""


def finish(
    footage: Footage,
    folder: Path,
    device: str,
    console: Console,
    models_dir: Path | None = None,
) -> None:
    """Enlarge frames, write a contact sheet, and then the videos, of which stills have none.

    `folder` is the run's, `device` what `pick_device` takes; `console` shows the progress. A video
    for two eyes asks how deep its frames are, of networks that lie in `models_dir`.

    Raises:
        Error: the disk or ffmpeg refuses, another process is at it, or there is no such device.
        KeyboardInterrupt: after a word on how many frames are enlarged, or which video is not made.
    """
    with output_turn(folder, SUFFIXES):
        takes = list(_takes(footage, folder, device, console))
        depth = partial(frame_depths, footage, folder, device, models_dir, console)
        # The sheet comes first: sound or a full disk may prevent a video.
        with _stop_told(takes[0]):
            sheet = make_sheet(takes[0].footage, folder, takes[0].view)
        try:
            for take in takes:
                _deliver(take, folder, depth, console)
        finally:
            say(f"contact sheet  {sheet}")


def _deliver(take: _Take, folder: Path, depth: Callable[[], DepthMaps], console: Console) -> None:
    """Make what one output asks for, and say where it lies."""
    if take.output.stills:
        say(f"pictures       {take.footage.frames[0].parent}")
        return
    footage, output = take.footage, take.output
    pictures: Pictured = partial(composed, view=take.view)
    counted = _as_encoded
    if output.stereo is not None:
        from pipeline.output.stereo import stereo_pictures, stereo_view

        eyes = stereo_view(footage, output, take.view, depth())
        pictures, counted = partial(stereo_pictures, view=eyes), _as_composed
        footage, output = replace(footage, size=eyes.size), replace(output, size=None)
    are_pictures = numbered_pictures(take.output.file) is not None
    with _stop_told(take), _encoding(console, take) as report:
        made = make_video(footage, folder, output, *counted(pictures, report))
    say(f"{'pictures' if are_pictures else 'video':<13}  {made}")


@contextmanager
def _stop_told(take: _Take) -> Iterator[None]:
    """Where the body is interrupted, say that no frame is lost, and what is not made."""
    try:
        yield
    except KeyboardInterrupt:
        there, planned = len(take.footage.shown), take.footage.planned
        frames = "all frames are" if there == planned else f"{there} of {planned} frames are"
        lost = "the contact sheet" if take.output.stills else take.output.file
        tell(f"stopped: {frames} there, {lost} was not made; the same command makes it")
        raise


_Counted = tuple[Pictured, Callable[[int], None]]
"""What makes the pictures of a video, and what is told how many of them are encoded."""


def _as_encoded(pictures: Pictured, report: Callable[[int], None]) -> _Counted:
    """Have the frames told that are encoded."""
    return pictures, report


def _as_composed(pictures: Pictured, report: Callable[[int], None]) -> _Counted:
    """Have the frames told that are composed, where that takes longer than to encode them.

    An encoder looks at dozens of frames before the first is done: minutes, for slow ones.
    """

    def made(frames: Iterable[Sequence[Layer]]) -> Iterator[Pixels]:
        for taken, picture in enumerate(pictures(frames), start=1):
            yield picture
            report(taken)

    return made, lambda encoded: None


def _encoding(console: Console, take: _Take) -> AbstractContextManager[Callable[[int], None]]:
    """Progress of an encoding, which tells how many frames are done every half second."""
    frames, label = frames_in(take.footage, take.output), f"encoding {take.output.file}"
    return counting(console, total=frames, label=label, patience=_PATIENCE)


def _takes(footage: Footage, folder: Path, device: str, console: Console) -> Iterator[_Take]:
    """The footage for each output."""
    made: dict[Path, Enlargement] = {}
    for output in (footage.output, *footage.outputs):
        by_ffmpeg = output.upscale == "lanczos" and not (output.stills or output.spherical)
        if output.size is None or by_ffmpeg:
            yield _Take(footage, output)  # a video's Lanczos is ffmpeg's work
            continue
        larger = _enlargement(footage, output, folder, made)
        if missing := larger.missing():
            _make_larger(larger, missing, _upscale(output.upscale, device), console)
        yield _Take(
            footage=replace(
                footage.with_pictures(dict(zip(footage.frames, larger.files, strict=True))),
                size=output.size,
            ),
            output=replace(output, size=None),
            view=View(footage.size, place(footage.size, output.size, larger.fit)),
        )


def _enlargement(
    footage: Footage, output: OutputSpec, folder: Path, made: dict[Path, Enlargement]
) -> Enlargement:
    """The frames at the size of `output`; those of `made`, by their folders, stay as they are."""
    assert output.size is not None
    width, height = output.size
    frames = RunDirectory(folder).frames
    larger = Enlargement(
        frames=footage.frames,
        folder=folder / FOLDER,
        size=output.size,
        fingerprint=upscaler_fingerprint() if output.upscale == "starter" else output.upscale,
        root=frames if all(one.is_relative_to(frames) for one in footage.frames) else folder,
        fit=effective_fit(footage.size, output.size, output.fit),
        goes_around=output.spherical,
    )
    names = (FOLDER, f"{FOLDER}-{width}x{height}", f"{FOLDER}-{width}x{height}-{output.fit}")
    for name in names:
        here = replace(larger, folder=folder / name)
        if made.setdefault(here.folder, here) == here:
            return here
    return replace(larger, folder=folder / f"{names[-1]}-{output.upscale}")


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
    work_through(
        larger.make(missing, upscale),
        console,
        total=total,
        done=total - len(missing),
        label="upscaling",
        halted="frames upscaled",
    )

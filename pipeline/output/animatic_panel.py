"""The panel below an animatic: time and place, prompts with their weights, and the whole part.

Convention:
    Lengths are pixels; the panel is drawn into `(height, width, 3)` uint8 pixels, y down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import PurePath

from keyframes.prompts import Prompts
from keyframes.time_words import frame_time
from keyframes.timebase import Timebase
from pipeline.files.png import Pixels
from pipeline.output.canvas import Colour, block, colour, write
from pipeline.output.lettering import in_lines, shortened_to, width_of
from pipeline.output.plot_page import FAINT, INK, PAPER
from pipeline.plan.looks import Look, shares
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.timeline import Marks, ShownFrame

HEIGHT = 108
MARGIN = 10
_INK, _FAINT, _PAPER = colour(INK), colour(FAINT), colour(PAPER)
_CLOCK, _WORDS = 14, 11
"""Sizes of letters."""
_FIRST_LINE, _LINE, _LINES = 29, 15, 2
_STRIP_TOP, _STRIP_BOTTOM = 66, 102
_HEAD: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """What the panel of every frame is drawn from."""

    part: range
    """Frames of the video that the animatic shows."""
    timebase: Timebase
    marks: Marks
    looks: Mapping[str, Sequence[Look]]
    tints: Mapping[Look, Colour]
    prompts: Mapping[FrameId, Prompts]
    """What is, or was last, painted on each frame."""
    strip: Pixels
    """What lies below the playhead, as wide as the panel."""

    @property
    def height(self) -> int:
        """Height of the panel."""
        return HEIGHT

    def draw(self, pixels: Pixels, frame: int, layers: Sequence[ShownFrame]) -> None:
        """Fill the panel of one frame of the video, which shows `layers`."""
        pixels[:] = _PAPER
        self._draw_clock(pixels, frame, layers)
        captions = [one for layer in layers for one in self._captions(layer)]
        _draw_captions(pixels, captions)
        pixels[_STRIP_TOP:_STRIP_BOTTOM] = self.strip
        x = place_of(frame + 0.5, self.part, pixels.shape[1])
        block(pixels, x - 1, _STRIP_TOP - 3, x + 1, _STRIP_BOTTOM + 2, _HEAD)

    def _draw_clock(self, pixels: Pixels, frame: int, layers: Sequence[ShownFrame]) -> None:
        """Time, frame, bar and beat on the left, shot and section on the right."""
        x = MARGIN + write(
            pixels, clock(frame, self.timebase), (MARGIN, 6), _CLOCK, _INK, bold=True
        )
        words = [f"frame {frame}", bar_and_beat(frame, self.timebase)]
        x += 12 + write(pixels, "   ".join(filter(None, words)), (x + 12, 9), _WORDS, _FAINT)
        right = pixels.shape[1] - MARGIN
        *_, coming = layers
        named = "" if coming.shot == MAIN else coming.shot
        *_, (look, _) = shares(self.looks[coming.shot], coming.frame)
        shot = shortened_to(named, _WORDS, max(0, right - x - 20))
        right -= write(pixels, shot, (right, 9), _WORDS, self.tints[look], bold=True, align=1) + 8
        section = _section(self.marks, frame)
        if section and right - x > width_of(section, _WORDS) + 20:
            write(pixels, section, (right, 9), _WORDS, _FAINT, align=1)

    def _captions(self, layer: ShownFrame) -> list[Caption]:
        """What a layer shows in words; weights are told where they say something."""
        seen = shares(self.looks[layer.shot], layer.frame)
        prompts = self.prompts[layer.id]
        flat = len({prompt.weight for prompt in prompts}) <= 1 and layer.weight == 1
        largest = max((abs(prompt.weight) for prompt in prompts), default=1.0)
        scale = 1.0 if len(seen) > 1 or layer.weight < 1 else largest
        captions = []
        for prompt in prompts:
            told = PurePath(prompt.text).name if prompt.image else prompt.text
            homes = [
                look for look, _ in seen if any(one.text == prompt.text for one in look.prompts)
            ]
            weight = None if flat else layer.weight * prompt.weight / scale
            captions.append(Caption(told, weight, self.tints[(homes or [seen[0][0]])[0]]))
        return captions


@dataclass(frozen=True, slots=True)
class Caption:
    """A prompt in words."""

    text: str
    weight: float | None
    """How much it counts; None where all count alike."""
    ink: Colour
    """Tint of the look that it belongs to."""


def clock(frame: int, timebase: Timebase) -> str:
    """The time of a frame with as many digits as any other has: `0:04.00`."""
    words = frame_time(frame, timebase)
    return words if "." in words or timebase.fps <= 1 else f"{words}.00"


def bar_and_beat(frame: int, timebase: Timebase) -> str:
    """Where in the music a frame lies, as `5.2` for the second beat of bar 5; empty without one."""
    if timebase.tempo is None:
        return ""
    # A beat shows on the frame that is nearest to it.
    beats = floor(float(timebase.beats(frame + 0.5)))
    bar, beat = divmod(beats, timebase.tempo.beats_per_bar)
    return f"bar {bar + 1}.{beat + 1}" if beats >= 0 else ""


def place_of(frame: float, part: range, width: int) -> int:
    """The x of a position in the video on a panel of this width."""
    share = (frame - part.start) / max(1, len(part))
    return round(MARGIN + share * (width - 2 * MARGIN))


def _section(marks: Marks, frame: int) -> str:
    begun = [mark.name for mark in marks.sections if mark.frame <= frame]
    return begun[-1] if begun else ""


def _draw_captions(pixels: Pixels, captions: Sequence[Caption]) -> None:
    """Prompts line by line: one alone may take all lines."""
    right = pixels.shape[1] - MARGIN
    shown = sorted(captions, key=lambda one: -abs(one.weight or 1.0))[:_LINES]
    y = _FIRST_LINE
    for caption in shown:
        x = MARGIN + 10
        block(pixels, MARGIN, y + 3, MARGIN + 5, y + 12, caption.ink)
        if caption.weight is not None:
            x += 6 + write(
                pixels, f"{caption.weight:+.2f}"[caption.weight >= 0 :], (x, y), _WORDS, _FAINT
            )
        left_out = len(captions) - len(shown) if caption == shown[-1] else 0
        more = f"  +{left_out} more" if left_out else ""
        room = right - x - (width_of(more, _WORDS) if more else 0)
        for line in in_lines(caption.text, _WORDS, room, _LINES if len(shown) == 1 else 1):
            end = x + write(pixels, line, (x, y), _WORDS, _INK)
            y += _LINE
        if more:
            write(pixels, more, (end, y - _LINE), _WORDS, _FAINT)

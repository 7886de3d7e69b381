"""A scene on a song: a shot for each section that was heard, painted anew on the beat.

Sections that are alike have the same subject, so that a chorus comes back as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.scene.reading.paths import readable

_SUBJECTS = (
    "a lighthouse by the sea at night, blue color scheme",
    "a castle in a forest at sunset, red color scheme",
    "a ship on the sea at dawn, orange color scheme",
    "a pyramid in the desert by day, yellow color scheme",
    "a tree in a meadow at sunset, green color scheme",
    "a house in the snow at night, purple color scheme",
)
_CAMERAS = (
    "zoom: 1.005",
    'zoom: "1.002 + 0.008 * {bars}"',
    "translate_x: 0.4, zoom: 1.002",
    'zoom: 1.003, roll: "0.4 * sin(tau * t / 8)"',
)

_HEAD = """\
# A music video on {song}: a shot for each section of the song, painted anew on the beat.
#
#     discoreel preview SCENE    the motion with the song, in seconds
#     discoreel render SCENE     the video, into renders/
#
# Change first: the texts below prompts, one a shot. The sections are a proposal: move their times,
# name them as you like, and the shots follow. discoreel check SCENE says what is wrong.

video:
  size: [144, 96]             # what the starter's networks paint, in pixels
  fps: 12                     # 24 is smoother, and takes twice as long
  duration: song              # discoreel preview SCENE --for {short} shows a beginning

# {heard}
{music}
  fade_out: 2s                # the sound falls to silence at the end

seed: 20                      # another number, another picture

camera:
  mode: 2d
  offset:                     # shown and not kept, so that it comes back by itself
    zoom: "1 + 0.06 * {pulse}"

sampler:                      # how much is painted anew: 0 only moves the picture, 1 forgets it
  strength: {{then: "0.5 * {beats}"}}

"""

_TAIL = """
output:
  size: [768, 512]            # the video: the frames made larger, by a network that paints edges
"""


@dataclass(frozen=True, slots=True)
class HeardSection:
    """A section of the song."""

    name: str
    energy: float
    """How loud it is, from 0 to 1."""


def song_scene(song: str, music: str, sections: Sequence[HeardSection], *, has_bars: bool) -> str:
    """A scene on a song.

    `music` is the block of YAML that names its file, tempo and sections; without bars the picture
    is painted anew every second. SCENE stands for the scene's own name.
    """
    beats = "beat_pulse(release=0.1)" if has_bars else "every(1 s, release=0.1)"
    told = (
        "Tempo and sections as they were heard; discoreel music says how sure that is."
        if has_bars
        else "No beat was heard that can be trusted; with bpm: 120 there are bars and beats."
    )
    head = _HEAD.format(
        song=readable(song),
        short="'8 bars'" if has_bars else "20s",
        heard=told,
        music=music,
        beats=beats,
        pulse="beat_pulse" if has_bars else "every(1 s)",
    )
    shots = "".join(_shots(sections, has_bars))
    alone = f'prompts: "an oil painting of {_SUBJECTS[0]}"\n'
    return head + (f"shots:\n{shots}" if shots else alone) + _TAIL


def _shots(sections: Sequence[HeardSection], has_bars: bool) -> Iterator[str]:
    if len(sections) < 2:
        return
    kinds: dict[str, int] = {}
    for place, section in enumerate(sections):
        kind = kinds.setdefault(section.name.rstrip(" 0123456789"), len(kinds))
        yield f"  - name: {section.name}\n"
        if place and section.energy < sections[place - 1].energy:
            length = "2 beats" if has_bars else "1s"
            yield f"    enter: {{fade: {length}}}    # a cut where it is louder\n"
        if place + 1 < len(sections):
            yield f"    until: {sections[place + 1].name}\n"
        yield f'    prompts: "an oil painting of {_SUBJECTS[kind % len(_SUBJECTS)]}"\n'
        bars = "bar_pulse" if has_bars else "every(2 s)"
        yield f"    camera: {{{_CAMERAS[kind % len(_CAMERAS)].format(bars=bars)}}}\n"

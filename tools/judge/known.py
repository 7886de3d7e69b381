"""Pictures of all that the starter knows: `python -m tools.judge.known --out docs`.

Renders one still for every subject, ground, hour, weather and colour of an edition of the painted
world, and five of every style, at the preset's own settings, prints the judge's count, and writes
a sheet of each group beside the others: `starter-subjects.jpg`, `-landscapes`, `-hours`, `-colours`
and, of an edition that has any, `-styles`. The renders stay in `--work`, where the same command
goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.files.pictures import read_picture
from tools.judge.network import WEIGHTS, load_judge
from tools.judge.rendering import enlarged, save_sheet
from tools.judge.stills import Wish, count, render_stills, report_count
from tools.world.attributes import NONE
from tools.world.editions import EDITIONS, SHIPPED, Edition
from tools.world.style_words import STYLE_OPENINGS
from tools.world.words import COLOUR_WORDS, SUBJECTS, WEATHER_PHRASES

_GROUNDS: Mapping[str, str] = {
    "sea": "the sea by day",
    "meadow": "a meadow by day",
    "desert": "a desert by day",
    "snow": "a snowfield by day",
    "forest": "a forest by day",
    "city": "a city by day",
    "clouds": "the clouds by day",
    "space": "a nebula in outer space",
}
_SKIES: Mapping[str, tuple[str, str]] = {
    "day": ("a sunny sky over a meadow", "meadow"),
    "dawn": ("sunrise over the snow", "snow"),
    "sunset": ("sunset over the sea", "sea"),
    "night": ("stars over the sea", "sea"),
    "storm": ("lightning over the desert", "desert"),
}
_HOURS: Mapping[str, str] = {
    "day": "by day",
    "dawn": "at dawn",
    "sunset": "at sunset",
    "night": "at night",
    "storm": "in a storm",
}
COLUMNS = 5
"""How many pictures stand side by side on a sheet."""
_STYLED: Mapping[str, Mapping[str, str]] = {
    "a castle in a meadow": {"subject": "castle", "ground": "meadow"},
    "a ship at sunset": {"subject": "ship", "time": "sunset"},
    "a road in the forest": {"subject": "road", "ground": "forest"},
    "a red house in the snow": {"subject": "house", "ground": "snow", "subject_colour": "red"},
    "a city at night": {"subject": NONE, "ground": "city", "time": "night"},
}
"""What is shown in every style, which fills a row of the sheet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a sheet, and what is written under it."""

    caption: str
    wish: Wish


def sheets(edition: Edition) -> Mapping[str, Sequence[Shown]]:
    """What each sheet shows of an edition, by the end of the file's name."""
    groups = {
        "subjects": tuple(_subjects(edition)),
        "landscapes": tuple(_landscapes(edition)),
        "hours": tuple(_hours(edition)),
        "colours": tuple(_colours(edition)),
        "styles": tuple(_styles(edition)),
    }
    return {name: shown for name, shown in groups.items() if shown}


def _subjects(edition: Edition) -> Iterator[Shown]:
    for name in _some(edition, "subject"):
        text = f"a painting of a {SUBJECTS[name][0]} by day"
        yield Shown(name, Wish(text, {"subject": name, "time": "day"}))


def _landscapes(edition: Edition) -> Iterator[Shown]:
    for ground in _some(edition, "ground"):
        wish = {"subject": NONE, "ground": ground}
        yield Shown(ground, Wish(f"a painting of {_GROUNDS[ground]}", wish))
    for time in _some(edition, "time"):
        text, ground = _SKIES[time]
        yield Shown(text, Wish(text, {"subject": NONE, "ground": ground, "time": time}))


def _hours(edition: Edition) -> Iterator[Shown]:
    alone, seen = "a lighthouse by the sea", {"subject": "lighthouse", "ground": "sea"}
    for time in _some(edition, "time"):
        yield Shown(_HOURS[time], Wish(f"{alone} {_HOURS[time]}", {**seen, "time": time}))
    for weather in _some(edition, "weather"):
        phrase = WEATHER_PHRASES[weather][0]
        yield Shown(phrase, Wish(f"{alone} {phrase}", {**seen, "weather": weather}))


def _colours(edition: Edition) -> Iterator[Shown]:
    for name in _some(edition, "scheme"):
        text = f"{COLOUR_WORDS[name][0]} color scheme"
        wish = {"subject": "castle", "ground": "meadow", "scheme": name}
        yield Shown(text, Wish(f"a castle in a meadow, {text}", wish))
    for name in _some(edition, "ground_colour"):
        text = f"a sea of {COLOUR_WORDS[name][0]}"
        wish = {"subject": "lighthouse", "ground": "sea", "ground_colour": name}
        yield Shown(text, Wish(f"a lighthouse, shining its light across {text}", wish))
    for name in _some(edition, "subject_colour"):
        text = f"{COLOUR_WORDS[name][0]} house"
        wish = {"subject": "house", "ground": "snow", "time": "day", "subject_colour": name}
        yield Shown(text, Wish(f"a {text} in the snow by day", wish))


def _styles(edition: Edition) -> Iterator[Shown]:
    for style in _some(edition, "style"):
        opening = STYLE_OPENINGS[style][0]
        for scene, seen in _STYLED.items():
            text = f"{opening} {scene}"
            yield Shown(text, Wish(text, {**seen, "style": style}))


def _some(edition: Edition, attribute: str) -> Iterator[str]:
    return (value for value in edition.values.get(attribute, ()) if value != NONE)


def main() -> None:
    """Render, count, and write the sheets."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the sheets")
    parser.add_argument("--work", type=Path, default=Path("gates/known"), help="of the renders")
    parser.add_argument("--edition", choices=EDITIONS, default=SHIPPED, help="of the world")
    parser.add_argument("--trained", type=Path, help="folder of denoiser, clip, depth and upscaler")
    parser.add_argument("--judge", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    judge, size = load_judge(options.judge), EDITIONS[options.edition].size
    for name, shown in sheets(EDITIONS[options.edition]).items():
        wishes = [one.wish for one in shown]
        files = render_stills(wishes, 1, options.work / name, {}, size, options.trained)
        report_count(name, count(judge, wishes, files))
        pictures = enlarged([read_picture(file) for (file,) in files], options.trained)
        cells = list(zip(pictures, (one.caption for one in shown), strict=True))
        save_sheet(cells, options.out / f"starter-{name}.jpg", columns=COLUMNS)


if __name__ == "__main__":
    main()

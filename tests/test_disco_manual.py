"""docs/disco.md is true: the settings it sends its reader to exist, and nothing is told twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.scene.denoising import Sampler
from pipeline.scene.guidance import Guidance
from pipeline.scene.reading.foreign_settings import COUNTERPARTS, DISCO, OTHERS
from pipeline.scene.schema import Scene

MANUAL = Path(__file__).parent.parent / "docs" / "disco.md"


def rows() -> Iterator[tuple[list[str], list[str], str]]:
    """Of every table: Disco's names, the settings of a scene, and the remark."""
    for line in MANUAL.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[0] not in ("Disco", "elsewhere", "---"):
            names, settings, remark = cells
            yield re.findall("`(.+?)`", names), re.findall("`(.+?)`", settings), remark


def one_each(
    names: list[str], settings: list[str], remark: str
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The names of a row; with as many settings as names, each has its own."""
    for place, name in enumerate(names):
        own = settings[place : place + 1] if len(names) == len(settings) else settings
        yield name, tuple(own), remark


def knows(path: str) -> bool:
    name, _, setting = path.partition(".")
    if name not in Scene.model_fields:
        return False
    section = Scene.model_fields[name].annotation
    is_section = isinstance(section, type) and issubclass(section, BaseModel)
    return not setting or (is_section and setting in section.model_fields)


SETTINGS = sorted({setting for _, settings, _ in rows() for setting in settings})


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_exists(setting: str) -> None:
    assert knows(setting)


@pytest.mark.parametrize("setting", ["guidance.clip_scale", "sampling.steps", "seed.start"])
def test_a_setting_that_does_not_exist_would_be_seen(setting: str) -> None:
    assert not knows(setting)


def test_every_row_says_where_or_why_not() -> None:
    silent = [
        names
        for names, settings, remark in rows()
        if not settings and not remark.startswith(("not yet", "left out: "))
    ]
    assert silent == []


def test_every_parameter_of_disco_stands_in_one_place() -> None:
    names = [name for row, _, _ in rows() for name in row]
    assert len(names) > 80
    assert {name for name in names if names.count(name) > 1} == set()


SAID = {name: (settings, remark) for row in rows() for name, settings, remark in one_each(*row)}
"""Each name of the manual, with its own settings."""


def test_what_is_said_of_an_unknown_key_is_what_the_manual_says() -> None:
    assert {*DISCO, *OTHERS} == set(SAID)
    for name, counterpart in {**DISCO, **OTHERS}.items():
        settings, remark = SAID[name]
        assert counterpart.settings == settings, name
        assert counterpart.remark in remark, name


def test_what_is_left_out_says_why_in_both_places() -> None:
    for name, (settings, remark) in SAID.items():
        if not settings:
            told = COUNTERPARTS[name.lower()].remark
            assert told and remark.startswith(told.split(":")[0]), name


def test_all_that_guides_in_a_scene_has_an_ancestor_or_is_known_to_have_none() -> None:
    ours = {
        *("guidance.init_hold", "guidance.detail_hold", "sampler.cross_fade"),
        *("sampler.dynamic_threshold", "sampler.noise_period", "sampler.seamless"),
        *("sampler.fresh_noise", "sampler.spacing"),
        *("guidance.hold_memory", "guidance.distilled_cfg_scale"),
        *("guidance.keep_colour", "guidance.keep_sharpness"),
        *("guidance.repaint", "guidance.discover", "guidance.recurrence"),
    }
    sections = {"guidance": Guidance, "sampler": Sampler}
    paths = {f"{name}.{s}" for name, section in sections.items() for s in section.model_fields}
    assert paths - set(SETTINGS) == ours

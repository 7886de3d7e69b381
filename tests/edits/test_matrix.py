"""An edit costs exactly what it changes: the frames that go stale are those whose pixels change.

For every setting of a scene another value, in scenes of every kind; both are rendered. A frame that
changed and would not be rendered again is a wrong picture in the video; one that is rendered again
and is the same costs its author's time. The second kind is allowed where what is in the picture
decides, as `BY_CHANCE` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import SceneError
from pipeline.spec.frame import FrameId
from tests.edits.bases import BASES, write_files
from tests.edits.cases import (
    BY_CHANCE,
    IDLE,
    OF_FRAMES,
    OF_LENGTH,
    OF_SHOTS,
    OF_THE_FILM,
    OTHERWISE,
)
from tests.edits.effects import Drawn, Effect, States, drawn, effect, stale, write_scene
from tests.edits.overlays import every_setting, with_setting

MUSIC = "to music"
"""The scene that hears something: what a song does is tried there alone."""
PLACES = tuple(name for name in BASES if name != MUSIC)

Base = Callable[[str], tuple[Drawn, States]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scenes")
    write_files(made)
    return made


@pytest.fixture(scope="module")
def base(folder: Path) -> Base:
    """The scene of a name before any edit, rendered once."""

    @cache
    def rendered(name: str) -> tuple[Drawn, States]:
        before = drawn(write_scene(folder, BASES[name]))
        return before, before.states()

    return rendered


def test_every_setting_has_a_case() -> None:
    cases = [*OF_FRAMES, *OF_LENGTH, *OF_SHOTS, *OF_THE_FILM, *OTHERWISE]
    assert sorted(set(cases) | {"prompts"}) == sorted(every_setting() | {"prompts"})
    assert set(OF_FRAMES) >= BY_CHANCE.keys()


def effects(
    folder: Path, base: Base, name: str, value: Any, places: tuple[str, ...]
) -> Iterator[Effect]:
    """What an edit does in each place that may have it."""
    for place in places:
        try:
            after = drawn(write_scene(folder, with_setting(BASES[place], name, value)))
        except SceneError:
            continue
        yield effect(*base(place), after)


def places_of(name: str, places: tuple[str, ...]) -> tuple[str, ...]:
    """The places in which a setting is tried, each time beginning with others."""
    # A loop without a length fades over a beat, or a second, which the other scenes do not last.
    if name.startswith(("music.", "video.fps")) or name == "loop":
        return (MUSIC,)
    turn = sorted([*OF_FRAMES, *OF_LENGTH]).index(name) % len(places)
    return (*places[turn:], *places[:turn])


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OF_FRAMES, *OF_LENGTH])
def test_what_goes_stale_is_what_changes(folder: Path, base: Base, name: str) -> None:
    value = {**OF_FRAMES, **OF_LENGTH}[name]
    acted = tried = 0
    for found in effects(folder, base, name, value, places_of(name, PLACES)):
        tried += 1
        assert found.changed <= found.stale, "a frame would be another, and is not drawn again"
        if name not in BY_CHANCE:
            assert found.stale == found.changed
        acted += bool(found.changed)
        if acted == 2:
            break
    assert acted or (tried and name in OF_LENGTH)


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_SHOTS)
def test_shots_go_stale_as_far_as_they_change(folder: Path, base: Base, name: str) -> None:
    shots, others = OF_SHOTS[name]
    found = effect(*base("shots"), drawn(write_scene(folder, {**BASES["shots"], "shots": shots})))
    assert found.stale == found.changed
    assert {frame.shot for frame in found.changed} == set(others.split())


@pytest.mark.slow
def test_what_is_made_of_frames_changes_none(folder: Path, base: Base) -> None:
    for name, value in OF_THE_FILM.items():
        made = list(effects(folder, base, name, value, ("flat", "stills", "large")))
        assert made
        assert not any(found.stale | found.changed for found in made), name


@pytest.mark.slow
@pytest.mark.parametrize("name", IDLE)
def test_what_is_switched_off_costs_nothing(folder: Path, base: Base, name: str) -> None:
    made = list(effects(folder, base, name, OF_FRAMES[name], IDLE[name]))
    assert len(made) == len(IDLE[name])
    assert all(found == Effect(frozenset(), frozenset()) for found in made)


def test_another_name_of_a_picture_that_a_cross_fade_leads_to_costs_nothing(folder: Path) -> None:
    """The picture of new prompts is painted by itself, and its prompts stand there by name."""

    def led_to(picture: str) -> Drawn:
        prompts = {0: "red wine", 2: [{"image": picture}], "blend": 2}
        return drawn(write_scene(folder, {**BASES["flight"], "prompts": prompts}))

    (folder / "renamed.png").write_bytes((folder / "red.png").read_bytes())
    before = led_to("red.png")
    assert any(spec.denoise and spec.denoise.crossing for spec in before.plan)
    assert not stale(before, led_to("renamed.png"))
    assert stale(before, led_to("other.png"))


def test_a_shot_has_its_own_share_of_a_clip(folder: Path) -> None:
    scene = {**BASES["over a clip"], "shots": [{"name": "one", "until": 2}, {"name": "two"}]}
    other = [{"name": "one", "until": 2}, {"name": "two", "clip": {"flow_blend": 0.1}}]
    before = drawn(write_scene(folder, scene))
    found = effect(before, before.states(), drawn(write_scene(folder, {**scene, "shots": other})))
    assert found.stale == found.changed == {FrameId(1, "two")}


FROM_THE_THIRD = {
    "seed": {0: 0, 2: 5},
    "prompts": {0: "red wine", 2: "a green field"},
    "camera.zoom": "1.1 + 0.2 * (frame >= 2)",
    "sampler.eta": "0.8 - 0.5 * (frame >= 2)",
    "guidance.tv_scale": "20 + 30 * (frame >= 2)",
    "guidance.cutn_batches": "1 + (frame >= 2)",
}
"""Settings of the flat scene that are others from the third frame on."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FROM_THE_THIRD)
def test_what_changes_from_a_frame_on_costs_the_frames_from_there(folder: Path, name: str) -> None:
    scene = {**BASES["flat"], "prompts": "red wine"}
    before = drawn(write_scene(folder, scene))
    after = drawn(write_scene(folder, with_setting(scene, name, FROM_THE_THIRD[name])))
    found = effect(before, before.states(), after)
    assert found.stale == found.changed == {spec.id for spec in before.plan if spec.frame >= 2}

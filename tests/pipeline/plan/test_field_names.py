"""Names of settings, and those that a mistyped one may have meant."""

from __future__ import annotations

import pytest

from pipeline.errors import Error
from pipeline.plan.field_names import chosen_fields
from pipeline.plan.frame_values import FIELDS


def test_a_section_stands_for_its_settings() -> None:
    assert chosen_fields("prompts, guidance.repaint,prompts", FIELDS) == (
        "prompts",
        "guidance.repaint.holes",
        "guidance.repaint.stretch",
        "guidance.repaint.prompts",
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("zoom", 'did you mean "camera.zoom" or "camera.offset.zoom"?'),
        ("init_hld", 'did you mean "guidance.init_hold"'),
        ("camera.zom", 'did you mean "camera.zoom"'),
        ("guidance.zoom", 'did you mean "camera.zoom"'),
        ("Prompts", 'did you mean "prompts"?'),
    ],
)
def test_the_near_names_of_an_unknown_one_are_told(name: str, hint: str) -> None:
    with pytest.raises(Error) as caught:
        chosen_fields(name, FIELDS)
    assert str(caught.value).startswith(f'there is no setting "{name}" ({hint}')


def test_a_name_that_is_like_none_is_told_without_a_guess() -> None:
    with pytest.raises(Error) as caught:
        chosen_fields("weather", FIELDS)
    assert str(caught.value) == (
        'there is no setting "weather"; names are those of the scene, with dots, such as '
        "camera.zoom; the sections are seed, camera, sampler, guidance, video, clip, prompts"
    )

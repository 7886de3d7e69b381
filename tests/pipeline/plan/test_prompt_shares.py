"""How much prompts and shots have of each frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.plan.prompt_shares import prompt_shares, shot_shares
from tests.pipeline.plan.planned import plan

VIDEO = "video: {size: [96, 64], duration: 8, fps: 4}\n"


def test_prompts_fade_into_each_other(tmp_path: Path) -> None:
    fade = "prompts: {0: a castle, 2: a ship, blend: 4}\nsampler: {skip_steps: 0}\n"
    castle, ship = prompt_shares(plan(tmp_path, VIDEO + fade))
    assert (castle.name, ship.name) == ("a castle", "a ship")
    assert np.allclose(ship.shares, [0, 0, 0, 0.25, 0.5, 0.75, 1, 1])
    assert np.allclose(castle.shares + ship.shares, 1)


def test_a_frame_between_painted_ones_shows_the_prompts_of_both(tmp_path: Path) -> None:
    fade = "prompts: {0: a castle, 2: a ship, blend: 4}\nsampler: {every: 5}\n"
    castle, ship = prompt_shares(plan(tmp_path, VIDEO + fade))
    assert np.allclose(ship.shares, [0, 0, 0, 0.25, 0.5, 0.75, 1, 1])
    assert np.allclose(castle.shares + ship.shares, 1)
    _, held = prompt_shares(plan(tmp_path, VIDEO + fade.replace("5}", "5, inbetween: warp}")))
    assert held.shares.tolist() == [0, 0, 0, 0, 0, 0, 1, 1]


def test_what_is_stayed_away_from_is_below_zero_and_sizes_add_up_to_1(tmp_path: Path) -> None:
    away = "prompts: [{text: a castle, weight: 1.5}, {text: fog, weight: -0.5}]\n"
    castle, fog = prompt_shares(plan(tmp_path, VIDEO + away))
    assert np.allclose(castle.shares, 0.75) and np.allclose(fog.shares, -0.25)


def test_frames_that_are_only_moved_show_what_was_painted_before(tmp_path: Path) -> None:
    held = "prompts: {0: a castle, 3: a ship}\n"
    held += 'sampler: {strength: {then: "0.5 * (frame > 4)", fade: 0}}\n'
    _, ship = prompt_shares(plan(tmp_path, VIDEO + held))
    assert ship.shares.tolist() == [0, 0, 0, 0, 0, 1, 1, 1]


def test_shots_and_their_prompts_are_mixed_in_a_fade(tmp_path: Path) -> None:
    shots = (
        "shots: [{name: a, until: 1s, prompts: a castle}, "
        "{name: b, enter: {fade: 3}, prompts: a ship}]\n"
    )
    made = plan(tmp_path, VIDEO + shots)
    (a, b), (castle, ship) = shot_shares(made), prompt_shares(made)
    assert (a.name, b.name) == ("a", "b")
    assert np.allclose(b.shares, [0, 0, 0, 0, 0.25, 0.5, 0.75, 1])
    assert np.allclose(ship.shares, b.shares) and np.allclose(castle.shares, a.shares)

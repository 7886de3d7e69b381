"""The gate of cuts: its pairs, its videos, and how it counts."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
import yaml
from torch import Tensor, nn

from pipeline.files.pictures import read_picture
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.frame import FrameSpec, SavedFrame
from tests.pipeline.plans import frame_spec, picture
from tools.judge import cuts
from tools.judge.cuts import CHANGES, Count, PromptPair, Side, count, read_pairs, scene, summary
from tools.judge.network import Judge
from tools.world.attributes import ATTRIBUTES
from tools.world.captions import words

PAIR = PromptPair("time", Side("a house at day", "day"), Side("a house at night", "night"))


def test_24_pairs_differ_in_one_attribute_of_the_world() -> None:
    pairs = read_pairs()
    assert len(pairs) == 24
    assert {name: sum(one.attribute == name for one in pairs) for name in ATTRIBUTES} == {
        **dict.fromkeys(ATTRIBUTES, 0),
        **{"time": 8, "ground": 8, "scheme": 8},
    }
    for pair in pairs:
        values = {pair.first.value, pair.second.value}
        assert len(values) == 2 and values <= set(ATTRIBUTES[pair.attribute])
        spoken = f"{pair.first.text} {pair.second.text}".replace(",", "").split()
        assert set(spoken) - words() == set()


@pytest.mark.parametrize("change", CHANGES)
def test_the_videos_show_the_new_prompt_alone_for_three_frames(tmp_path: Path, change: str) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(yaml.safe_dump(scene(PAIR, change, 5), sort_keys=False))
    made, how = make_plan(load_scene(path)), CHANGES[change]
    old, new = PAIR.sides(change)
    shown = [[one.text for one in spec.painting.prompts] for spec in made]
    assert shown[0] == [old.text] and shown[how.done :] == [[new.text]] * how.after
    assert all(len(texts) == 2 for texts in shown[how.begins + 1 : how.done])
    # A cut grows from nothing, and the last frame of a fade starts from its key picture alone.
    leads = made[how.done].painting.crossing
    assert leads.share == 1 if leads else not made[how.done].inputs
    assert (leads is None) == (change == "cut")
    assert made[how.done + 1].inputs == (SavedFrame(how.done),)
    assert {spec.seed for spec in made} == {5}


class Bright(nn.Module):
    """Sees night in dark pictures and day in bright ones."""

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        logits = {name: torch.zeros(1, len(values)) for name, values in ATTRIBUTES.items()}
        hour = "day" if float(pictures.mean()) > 0 else "night"
        logits["time"][0, ATTRIBUTES["time"].index(hour)] = 1
        return logits

    verdict = Judge.verdict


def test_frames_after_the_change_and_the_still_are_counted() -> None:
    dark, bright = (np.full((64, 96, 3), level, np.uint8) for level in (20, 230))
    judge = Bright()
    cut = count(judge, PAIR, "cut", [bright, dark, dark, bright], dark)  # type: ignore[arg-type]
    assert cut == Count((True, True, False), still=True)
    fade = count(judge, PAIR, "fade", [dark] * 5 + [bright] * 3, dark)  # type: ignore[arg-type]
    assert fade == Count((True, True, True), still=False)


def test_the_summary_says_how_far_frames_are_from_stills() -> None:
    found = [Count((True, True, True), still=True), Count((True, False, False), still=True)]
    assert summary({"cut": found}) == [
        "after a cut: 66.7% of 6 frames, 100.0% of 2 stills, -33.3 points"
    ]


def test_a_frame_that_grows_is_compared_with_one_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, other = picture(1), picture(2)
    asked: list[FrameSpec] = []

    def render(spec: FrameSpec, *rest: object) -> tuple[object, None]:
        asked.append(spec)
        return other, None

    monkeypatch.setattr(cuts, "render_frame", render)
    monkeypatch.setattr(cuts, "starter", lambda: None)
    file = tmp_path / "still.png"
    # Alone already: nothing is rendered.
    assert cuts._still(frame_spec(0), shown, file) is shown and not file.exists()
    for _ in range(2):
        assert np.array_equal(cuts._still(frame_spec(3), shown, file), other)
    (bare,) = asked
    assert (bare.inputs, bare.motions, bare.frame) == ((), (), 3)
    assert bare.painting.sampler.skip_steps == 0
    assert np.array_equal(read_picture(file), other)
    assert cv2.imread(str(file)) is not None

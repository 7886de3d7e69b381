"""Which frames depend on what is added to their denoiser."""

from __future__ import annotations

import pytest

from keyframes.prompts import Prompt
from pipeline.spec.adapters import ControlSpec, LoraSpec
from pipeline.spec.fingerprints import asks
from tests.pipeline.plans import frame_spec, painted


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        (Prompt("a charcoal drawing"), True),
        (Prompt("Charcoal, of the sea"), True),
        (Prompt("fog", -0.5), False),
        (Prompt("charcoal.png", image=True), False),
    ],
)
def test_a_frame_asks_a_learned_word_that_its_prompts_have(prompt: Prompt, asked: bool) -> None:
    spec = painted(frame_spec(0), prompts=(Prompt("the sea"), prompt))
    assert asks(spec, "embedding", "charcoal") is asked


def test_a_frame_asks_what_counts_in_it() -> None:
    spec = painted(
        frame_spec(0),
        loras=(LoraSpec("ink", 0.5), LoraSpec("oil", 0.0)),
        controls=(ControlSpec("edges", "canny", 1.0), ControlSpec("near", "depth", 0.0)),
    )
    assert asks(spec, "lora", "ink") and not asks(spec, "lora", "oil")
    assert not asks(spec, "lora", "chalk")
    assert not asks(spec, "control", "near")

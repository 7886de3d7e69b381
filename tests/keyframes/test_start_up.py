from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

import numpy as np

import keyframes
from keyframes.curve import EASES, Curve, Keyframe
from keyframes.prompts import Prompt, PromptSchedule
from tests import child

FRAMES = 14_400


def test_importing_needs_numpy_and_nothing_else() -> None:
    modules = [f"keyframes.{path.stem}" for path in Path(keyframes.__path__[0]).glob("*.py")]
    assert len(modules) > 10
    code = (
        f"import sys, {', '.join(modules)}\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    argv = [sys.executable, "-S", "-c", code]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    result = child.run(argv, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "['__main__', 'keyframes', 'numpy']"


def test_fifty_curves_of_ten_minutes_take_less_than_a_second() -> None:
    frames = np.arange(FRAMES, dtype=np.float64)
    start = process_time()
    for place in range(50):
        keys = (
            Keyframe(100.0 * i, float(i % 7), EASES[(i + place) % len(EASES)]) for i in range(90)
        )
        assert Curve(tuple(keys))(frames).shape == (FRAMES,)
    assert process_time() - start < 1


def test_a_key_on_every_frame_takes_less_than_a_second() -> None:
    frames = np.arange(FRAMES, dtype=np.float64)
    start = process_time()
    for ease in ("linear", "monotone", "cubic"):
        keys = tuple(Keyframe(float(i), float(i % 5), ease) for i in range(FRAMES))
        np.testing.assert_array_equal(Curve(keys)(frames), frames % 5)
    assert process_time() - start < 1


def test_ten_minutes_of_fades_take_less_than_a_second() -> None:
    keys = tuple((100.0 * i, (Prompt(f"scene {i}"), Prompt("fog", -0.2))) for i in range(144))
    start = process_time()
    assert len(PromptSchedule(keys, blend=100).over(FRAMES)) == FRAMES
    assert process_time() - start < 1

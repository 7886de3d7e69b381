"""How long frames took, as the journals of renders tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.run.pace import Kind, kind_of, pace_of, renders_in
from pipeline.run.run import Run
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import MAIN, FrameSpec
from pipeline.spec.plan import Plan
from tests.pipeline.plan.planned import plan

PRINTS = (Fingerprint("denoiser", "", "model", "abc"),)
SCENE = """\
video: {size: [64, 64], duration: 6, fps: 12}
prompts: a castle
sampler: {steps: 10, strength: {then: "0.5 * (frame != 3)"}}
"""


def painted(folder: Path, made: Plan, seconds: Sequence[float]) -> Path:
    """A render whose frames took so long."""
    with Run.open(folder, made, {MAIN: PRINTS}) as run:
        for spec, taken in zip(made, seconds, strict=False):
            run.save(spec, np.zeros((*spec.size[::-1], 3), np.uint8), taken)
    return folder


def steps(specs: Sequence[FrameSpec]) -> list[int]:
    """The steps that frames take, in the place of passes."""
    return [
        one.denoise.sampler.steps - one.denoise.sampler.skip_steps if one.denoise else 0
        for one in specs
    ]


def kind(made: Plan, prints: tuple[Fingerprint, ...] = PRINTS) -> Kind:
    found = kind_of(made[0], prints)
    assert found is not None
    return found


def test_a_pass_takes_what_the_frames_took_but_for_the_first(tmp_path: Path) -> None:
    made = plan(tmp_path, SCENE)
    folder = painted(tmp_path / "renders" / "a", made, [90.0, 5.0, 5.0, 0.25, 10.0])
    pace = pace_of(folder, kind(made), steps)
    assert pace is not None
    assert (pace.a_pass, pace.moved, pace.frames) == (20 / 15, 0.25, 4)
    assert pace.seconds([10, 0, 5]) == pytest.approx(20 + 0.25)
    assert pace.at(2 * 64 * 64).a_pass == pytest.approx(40 / 15)


def test_where_there_is_only_the_first_frame_it_counts(tmp_path: Path) -> None:
    made = plan(tmp_path, SCENE)
    pace = pace_of(painted(tmp_path / "a", made, [90.0]), kind(made), steps)
    assert pace is not None and pace.a_pass == 9.0 and pace.moved == 9.0


def test_frames_of_another_denoiser_or_gradient_are_not_like_it(tmp_path: Path) -> None:
    made = plan(tmp_path, SCENE)
    folder = painted(tmp_path / "a", made, [1.0, 1.0])
    other = (replace(PRINTS[0], value="def"),)
    assert pace_of(folder, kind(made, other), steps) is None
    assert pace_of(folder, replace(kind(made), gradient="none"), steps) is None
    larger = pace_of(folder, replace(kind(made), size=(96, 64)), steps)
    assert larger is not None and larger.size == (64, 64)


def test_what_is_no_render_tells_nothing(tmp_path: Path) -> None:
    made = plan(tmp_path, SCENE)
    assert pace_of(tmp_path / "nowhere", kind(made), steps) is None
    (tmp_path / "journal.jsonl").write_text("nonsense\nmore\n", encoding="utf-8")
    assert pace_of(tmp_path, kind(made), steps) is None
    assert kind_of(made[3], PRINTS) is None


def test_renders_are_found_beside_each_other_and_among_the_probes(tmp_path: Path) -> None:
    for name in ("a", ".probe/b", "c/deeper"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "journal.jsonl").touch()
    assert set(renders_in(tmp_path)) == {tmp_path / "a", tmp_path / ".probe" / "b"}

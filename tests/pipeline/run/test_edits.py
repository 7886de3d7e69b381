"""Edits of a scene under a run: what no longer holds, why, and where the old frames go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from keyframes.prompts import Prompt
from pipeline.errors import RunError
from pipeline.run.footage import read_footage
from pipeline.run.journal import Journal
from pipeline.run.run import Run
from pipeline.spec.fingerprints import PRECISION, SHARE, Fingerprint
from pipeline.spec.plan import Plan
from tests.pipeline.plans import (
    DENOISER,
    DEPTH,
    chain_plan,
    painted,
    with_depth,
    with_frame,
    with_init_image,
    with_others_between,
    with_zoom,
)
from tests.pipeline.runs import contents, missing, render, set_aside


def test_another_frame_rate_keeps_the_frames(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    assert missing(tmp_path, replace(chain_plan(2), fps=Fraction(12))) == []
    assert read_footage(tmp_path).fps == Fraction(12)


def test_an_edit_is_refused_by_name_and_changes_nothing(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(6))
    before = contents(tmp_path)
    with pytest.raises(RunError) as caught:
        missing(tmp_path, with_zoom(chain_plan(6), 2, 1.03))
    assert str(caught.value) == (
        "frame 2 would change: camera.zoom was 1.02, is now 1.03; 4 of 6 finished frames in "
        f"{tmp_path} no longer hold, and took 0:02 to render; anew about as long. --update moves "
        "the old frames to takes/ and renders them anew; another --out keeps them where they are"
    )
    assert contents(tmp_path) == before
    assert missing(tmp_path, chain_plan(6)) == []


def test_the_first_frame_that_changes_is_told_and_the_painted_one_that_it_changes_by(
    tmp_path: Path,
) -> None:
    plan = with_others_between(7)
    render(tmp_path, plan)
    with pytest.raises(RunError) as caught:
        missing(tmp_path, with_zoom(plan, 6, 1.03))
    assert str(caught.value).startswith(
        "frame 4 would change, by frame 6: camera.zoom was 1.02, is now 1.03; 3 of 7 finished"
    )


def test_replace_moves_old_frames_and_their_journal_lines_aside(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(6))
    before = contents(tmp_path)
    edited = with_zoom(chain_plan(6), 2, 1.03)
    assert missing(tmp_path, edited, replace_stale=True) == [2, 3, 4, 5]
    folder = set_aside(tmp_path)
    for frame in range(2, 6):
        name = f"frames/{frame:06d}.png"
        assert (folder / name).read_bytes() == before[name]
    assert [frame for frame, _ in Journal(folder / "journal.jsonl").records] == [2, 3, 4, 5]
    assert [frame for frame, _ in Journal(tmp_path / "journal.jsonl").records] == [0, 1]
    assert render(tmp_path, edited, look=100) == [2, 3, 4, 5]
    assert missing(tmp_path, edited) == []


def test_replacing_twice_keeps_both(tmp_path: Path) -> None:
    for look, zoom in enumerate((1.1, 1.2, 1.3)):
        plan = with_zoom(chain_plan(2), 1, zoom)
        missing(tmp_path, plan, replace_stale=True)
        render(tmp_path, plan, look=look * 10)
    assert len(list((tmp_path / "takes").iterdir())) == 2


def opened_with(out: Path, *fingerprints: Fingerprint) -> None:
    """The same plan with these beside the denoiser, or in its place."""
    kept = (
        () if any(one.role == "denoiser" and not one.what for one in fingerprints) else (DENOISER,)
    )
    Run.open(out, chain_plan(2), {"main": (*kept, *fingerprints)}).close()


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(DEPTH, value="f" * 64), "the networks in models changed (depth weights);"),
        (Fingerprint("depth", "a", SHARE, "0.1"), "the share of depth a was none, is now 0.1;"),
    ],
)
def test_another_depth_is_named_and_leaves_the_first_frame(
    tmp_path: Path, other: Fingerprint, words: str
) -> None:
    render(tmp_path, chain_plan(2))
    with pytest.raises(RunError) as caught:
        opened_with(tmp_path, other, *(() if other.key == DEPTH.key else (DEPTH,)))
    assert str(caught.value).startswith(f"frame 1 would change: {words} 1 of 2 ")


def test_another_precision_is_named(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    with pytest.raises(RunError) as caught:
        opened_with(tmp_path, DEPTH, Fingerprint("denoiser", "", PRECISION, "bf16"))
    words = "frame 0 would change: models.precision was auto, is now bf16; 2 of 2 "
    assert str(caught.value).startswith(words)


def init_image(plan: Plan, path: Path) -> Plan:
    return with_init_image(plan, str(path))


def depth_picture(plan: Plan, path: Path) -> Plan:
    return with_depth(plan, 1, str(path))


def prompt_picture(plan: Plan, path: Path) -> Plan:
    return with_frame(plan, painted(plan[0], prompts=(Prompt(str(path), image=True),)))


@pytest.mark.parametrize(
    ("use", "frame", "words"),
    [
        (init_image, 0, "the picture of sampler.init_image changed;"),
        (depth_picture, 1, "the picture of camera.depth changed;"),
        (prompt_picture, 0, "a picture of the prompts changed;"),
    ],
)
def test_another_picture_is_named(
    tmp_path: Path, use: Callable[[Plan, Path], Plan], frame: int, words: str
) -> None:
    path, out = tmp_path / "given.png", tmp_path / "run"
    path.write_bytes(b"one")
    plan = use(chain_plan(2), path)
    render(out, plan)
    path.write_bytes(b"two")
    with pytest.raises(RunError) as caught:
        missing(out, plan)
    assert str(caught.value).startswith(f"frame {frame} would change: {words} ")


def reseeded(plan: Plan) -> Plan:
    """With other noise in the first frame."""
    return with_frame(plan, replace(plan[0], seed=8))


def test_an_edit_before_the_first_journaled_frame_is_explained(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(3))
    (tmp_path / "frames" / "000000.png").unlink()
    missing(tmp_path, chain_plan(3))
    with pytest.raises(RunError) as caught:
        missing(tmp_path, reseeded(chain_plan(3)))
    assert str(caught.value).startswith(
        "frame 1 would change: something in the frames before it changed, or discoreel did "
        "(recipe 4 now); 2 of 2 finished frames in "
    )


def test_a_longer_plan_continues(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    assert missing(tmp_path, chain_plan(4)) == [2, 3]


def test_a_shorter_plan_leaves_the_rest_where_it_is(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4))
    assert missing(tmp_path, chain_plan(2)) == []
    assert len(read_footage(tmp_path).frames) == 2
    assert missing(tmp_path, chain_plan(4)) == []


def test_a_shorter_plan_moves_the_rest_aside_if_asked(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4))
    assert missing(tmp_path, chain_plan(2), replace_stale=True) == []
    names = sorted(contents(set_aside(tmp_path)))
    assert names == [
        *("frames/000002.png", "frames/000003.png"),
        *("journal.jsonl", "take.json"),
    ]

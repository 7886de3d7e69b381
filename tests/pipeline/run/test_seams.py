"""Renders that go on elsewhere: what frames were computed on, and whether it is the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.run import Run
from pipeline.run.seams import threads_of
from pipeline.spec.plan import Plan
from pipeline.spec.platform import Platform
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_frame

STUDIO = Platform("Xeon, AVX512, torch 2.15.0", threads=2)


def go_on(
    out: Path, plan: Plan, platform: Platform | None, count: int, *, accept: bool = False
) -> list[int]:
    """Save the first `count` frames that are missing, as computed on `platform`."""
    with Run.open(out, plan, NETWORKS) as run:
        if platform is not None:
            run.compute_on(platform, plan, accept=accept)
        missing = run.missing(plan)[:count]
        for spec in missing:
            run.save(spec, picture(spec.frame), seconds=0.5)
        return [spec.frame for spec in missing]


def test_a_render_goes_on_where_it_was_begun(tmp_path: Path) -> None:
    plan = chain_plan(4)
    assert go_on(tmp_path, plan, STUDIO, 2) == [0, 1]
    assert threads_of(tmp_path) == 2
    assert go_on(tmp_path, plan, STUDIO, 2) == [2, 3]


def test_other_threads_are_told_with_their_remedy(tmp_path: Path) -> None:
    plan = chain_plan(4)
    go_on(tmp_path, plan, STUDIO, 2)
    with pytest.raises(RunError) as caught:
        go_on(tmp_path, plan, replace(STUDIO, threads=1), 1)
    assert str(caught.value) == (
        "frame 2 would grow from frame 1, which was computed on Xeon, AVX512, torch 2.15.0, "
        "2 threads; here it is Xeon, AVX512, torch 2.15.0, 1 thread, which rounds otherwise: the "
        "pictures would not be those of an undisturbed render. --threads 2 goes on exactly; "
        "--accept-machine goes on with what is here; another --out begins anew"
    )


def test_another_machine_has_no_number_of_threads_to_ask_for(tmp_path: Path) -> None:
    plan = chain_plan(4)
    go_on(tmp_path, plan, STUDIO, 2)
    with pytest.raises(RunError, match=r"torch 2\.15\.0, which rounds .* render\. --accept-mach"):
        go_on(tmp_path, plan, Platform("NVIDIA H200, torch 2.15.0"), 1)


CARD = Platform("NVIDIA H200, torch 2.15.0")


@pytest.mark.parametrize(
    ("before", "words"), [(False, "without --deterministic"), (True, "with --deterministic")]
)
def test_the_same_card_that_is_told_otherwise_is_a_seam(
    tmp_path: Path, before: bool, words: str
) -> None:
    plan = chain_plan(4)
    go_on(tmp_path, plan, replace(CARD, deterministic=before), 2)
    with pytest.raises(RunError) as caught:
        go_on(tmp_path, plan, replace(CARD, deterministic=not before), 1)
    way = "add it" if before else "leave it out"
    assert str(caught.value) == (
        f"frame 2 would grow from frame 1, which was computed {words}, and rounds otherwise: "
        f"{way}; --accept-machine goes on nevertheless; another --out begins anew"
    )
    assert go_on(tmp_path, plan, replace(CARD, deterministic=before), 1) == [2]


def test_frames_that_are_not_asked_for_have_no_seam(tmp_path: Path) -> None:
    """Frame 5 grows from none, as the first one of another shot; frames 2 to 4 are not rendered."""
    chain, laptop = chain_plan(7), replace(STUDIO, threads=1)
    plan = with_frame(chain, replace(chain[5], inputs=()))
    go_on(tmp_path, plan, STUDIO, 2)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        with pytest.raises(RunError, match="frame 2 would grow from frame 1"):
            run.compute_on(laptop, run.missing(plan))
        run.compute_on(laptop, plan.frames[5:])
        run.save(plan[5], picture(5), seconds=0.5)
        with pytest.raises(RunError, match="frame 6 would grow from frame 5"):
            run.compute_on(STUDIO, plan.frames[5:])


def test_a_seam_that_is_accepted_is_none_for_what_follows(tmp_path: Path) -> None:
    plan, laptop = chain_plan(4), replace(STUDIO, threads=1)
    go_on(tmp_path, plan, STUDIO, 2)
    assert go_on(tmp_path, plan, laptop, 1, accept=True) == [2]
    assert go_on(tmp_path, plan, laptop, 1) == [3]


def test_frames_that_grow_from_none_have_no_seam(tmp_path: Path) -> None:
    chain = chain_plan(3)
    stills = replace(chain, frames=tuple(replace(one, inputs=()) for one in chain))
    go_on(tmp_path, stills, STUDIO, 1)
    assert go_on(tmp_path, stills, replace(STUDIO, threads=1), 2) == [1, 2]


def test_what_does_not_say_what_it_was_computed_on_goes_on_anywhere(tmp_path: Path) -> None:
    plan = chain_plan(4)
    go_on(tmp_path, plan, None, 2)
    assert threads_of(tmp_path) is None
    assert go_on(tmp_path, plan, STUDIO, 2) == [2, 3]


def test_a_finished_render_asks_nothing(tmp_path: Path) -> None:
    plan = chain_plan(2)
    go_on(tmp_path, plan, STUDIO, 2)
    assert go_on(tmp_path, plan, Platform("another"), 1) == []


@pytest.mark.parametrize(
    "journal",
    [
        *(b"", b"torn", b"[" * 100_000 + b"\n", b"[1]\n", b"\xff\n"),
        *(b'{"platform": {"threads": 0}}\n', b'{"platform": {"threads": "2"}}\n'),
        b'{"platform": null}\n',
    ],
)
def test_a_journal_that_tells_no_threads(tmp_path: Path, journal: bytes) -> None:
    (tmp_path / "journal.jsonl").write_bytes(journal)
    assert threads_of(tmp_path) is None


def test_a_folder_that_is_not_there_tells_none(tmp_path: Path) -> None:
    assert threads_of(tmp_path / "nowhere") is None

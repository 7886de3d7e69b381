"""Runs: what is saved, what is missing, and that a render goes on where it stopped."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.files.png import decode_png
from pipeline.run import saving
from pipeline.run.journal import Journal
from pipeline.run.run import Run
from pipeline.spec.frame import FrameId
from tests.pipeline.plans import DENOISER, DEPTH, NETWORKS, chain_plan, picture
from tests.pipeline.runs import contents, missing, render


def test_a_new_run_lacks_every_frame_and_then_none(tmp_path: Path) -> None:
    out, plan = tmp_path / "renders" / "pulse", chain_plan(3)
    assert render(out, plan) == [0, 1, 2]
    assert missing(out, plan) == []
    assert sorted(contents(out)) == [
        "frames/000000.png",
        "frames/000001.png",
        "frames/000002.png",
        "journal.jsonl",
        "run.json",
    ]


def test_a_run_continues_after_the_last_saved_frame(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(5), frames=[0, 1])
    with Run.open(tmp_path, chain_plan(5), NETWORKS) as run:
        assert run.finished == 2
        assert [spec.frame for spec in run.missing(chain_plan(5))] == [2, 3, 4]
        assert [path.name for path in run.footage(chain_plan(5)).frames] == [
            "000000.png",
            "000001.png",
        ]


def test_a_saved_frame_is_read_back(tmp_path: Path) -> None:
    plan = chain_plan(3)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        run.save(plan[0], picture(0), 0.1)
        np.testing.assert_array_equal(run.frames.pixels(FrameId(0)), picture(0))
        with pytest.raises(RunError, match=r"^frame 1 is not finished, and another one "):
            run.frames.pixels(FrameId(1))


def test_save_refuses_pixels_of_another_size(tmp_path: Path) -> None:
    plan = chain_plan(1)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        with pytest.raises(ValueError) as caught:
            run.save(plan[0], picture(0, width=9), 0.1)
        assert str(caught.value) == ("frame 0 is 8x6 pixels, found shape (6, 9, 3)")
    assert missing(tmp_path, plan) == [0]


def test_the_journal_tells_what_a_frame_is_made_of(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    record = Journal(tmp_path / "journal.jsonl").records[FrameId(1)]
    assert record.seconds == 0.5
    assert record.spec["motions"][0]["zoom"] == 1.02
    assert record.fingerprints == (DENOISER, DEPTH)


def test_progress_is_one_picture(tmp_path: Path) -> None:
    with Run.open(tmp_path, chain_plan(1), NETWORKS) as run:
        for look in (1, 2):
            run.show_progress(picture(look))
    shown = decode_png((tmp_path / "progress.png").read_bytes())
    np.testing.assert_array_equal(shown, picture(2))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_picture_of_the_progress_is_not_worth_a_render(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    plan = chain_plan(2)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        run.show_progress(picture(1))
        with monkeypatch.context() as patch:
            patch.setattr(saving, "write_atomically", refuse)
            run.show_progress(picture(2))
            run.show_progress(picture(3))
        run.save(plan[0], picture(0), 0.5)
        run.show_progress(picture(4))
    assert [record.getMessage() for record in caplog.records] == [
        f"cannot write {tmp_path}/progress.png: {os.strerror(code)}; the render goes on"
    ]
    shown = decode_png((tmp_path / "progress.png").read_bytes())
    np.testing.assert_array_equal(shown, picture(4))
    assert missing(tmp_path, plan) == [1]

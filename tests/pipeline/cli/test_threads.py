"""The threads of torch: how many there are, and what they do while they wait."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.threads import settle_threads
from tests.command_line import run

SETTINGS = (
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "MKL_DYNAMIC"),
    *("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"),
)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """An environment that says nothing of threads."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    monkeypatch.setattr(os, "environ", kept)
    return kept


def of_threads(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name in SETTINGS}


def test_threads_that_wait_soon_sleep(settled: Mapping[str, str]) -> None:
    settle_threads(None)
    assert of_threads(settled) == {"GOMP_SPINCOUNT": "1000"}


@pytest.mark.parametrize(
    "own", [{"OMP_WAIT_POLICY": "active"}, {"GOMP_SPINCOUNT": "7"}, {"KMP_BLOCKTIME": "0"}]
)
def test_what_the_user_has_set_stands(settled: dict[str, str], own: dict[str, str]) -> None:
    settled.update(own, OMP_NUM_THREADS="3")
    settle_threads(None)
    assert of_threads(settled) == {**own, "OMP_NUM_THREADS": "3"}


def test_the_option_is_stronger_than_the_environment(settled: dict[str, str]) -> None:
    settled.update(OMP_NUM_THREADS="3", MKL_NUM_THREADS="4")
    settle_threads(2)
    assert of_threads(settled) == {
        "OMP_NUM_THREADS": "2",
        "MKL_NUM_THREADS": "2",
        "MKL_DYNAMIC": "FALSE",
        "GOMP_SPINCOUNT": "1000",
    }


TELLING = """\
import atexit, sys
atexit.register(lambda: print("threads:", sys.modules["torch"].get_num_threads()))
from pipeline.__main__ import main
main()
"""
"""The program, which at its end says how many threads torch computed with."""


def threads(*arguments: str | Path, cwd: Path) -> str:
    """What the program said; the environment asks for one thread."""
    done = run(*arguments, cwd=cwd, program=("-c", TELLING))
    assert done.returncode == 0, done.stderr
    return done.stdout.rsplit("threads: ", 1)[1].strip()


@pytest.mark.slow
def test_torch_is_told_in_time(tmp_path: Path) -> None:
    scene = tmp_path / "still.yaml"
    scene.write_text(
        "video: {size: [32, 32], n_batches: 1}\nprompts: a tree\nsampler: {steps: 1}\n"
        "guidance: {cut_overview: 1, cut_innercut: 0}\noutput: {upscale: starter}\n"
    )
    out = tmp_path / "out"
    # More than cores too: a render may have begun on a machine that has more.
    assert threads("render", scene, "--out", out, "--threads", "3", cwd=tmp_path) == "3"
    shutil.rmtree(out / "upscaled")
    assert threads("assemble", out, "--threads", "2", cwd=tmp_path) == "2"
    shutil.rmtree(out / "upscaled")
    assert threads("assemble", out, cwd=tmp_path) == "1"


@pytest.mark.parametrize("count", ["0", "1000000", "all"])
def test_a_number_of_threads_that_there_cannot_be(count: str) -> None:
    refused = CliRunner().invoke(app, ["assemble", "out", "--threads", count])
    assert refused.exit_code == 2
    assert "Invalid value for '--threads'" in refused.stderr

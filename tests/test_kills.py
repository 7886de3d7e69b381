"""Renders that are killed again and again end as those that nobody disturbed.

The processes, the command line and ffmpeg are real, the networks closed forms. `make torture` does
the same for some minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.torture.cases import CASES, OUT, Case
from tests.torture.lives import check, torture, undisturbed
from tests.torture.server import KILLED, Server, serving

SEED = 22
KILLS_A_CASE = 8

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "server.log") as one:
        yield one


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_killed_at_random_moments_it_leaves_the_same_bytes(
    case: Case, server: Server, tmp_path: Path
) -> None:
    """As many kills in all as the manual says, of commands that go on until they end."""
    manual = (Path(__file__).parents[1] / "docs" / "rendering.md").read_text(encoding="utf-8")
    assert f"{KILLS_A_CASE * len(CASES)} kills of these are among the tests" in manual
    assert torture(case, server, tmp_path, KILLS_A_CASE, SEED).count >= KILLS_A_CASE


def test_what_was_lost_or_changed_would_be_seen(server: Server, tmp_path: Path) -> None:
    case = next(one for one in CASES if one.name == "edit")
    usual = undisturbed(case, server, tmp_path / "edit")
    check(usual, tmp_path / "edit")
    out = tmp_path / "edit" / OUT
    frame = "frames/000005.png"
    for damaged, words in (
        (out / "a.mp4", "other bytes"),
        (out / "takes" / "001" / frame, "no take has"),
        (out / "memory" / "000003.npz", "other bytes"),
    ):
        data = damaged.read_bytes()
        damaged.write_bytes(data[:-1])
        with pytest.raises(AssertionError, match=words):
            check(usual, tmp_path / "edit")
        damaged.write_bytes(data)
    (out / frame).unlink()
    with pytest.raises(AssertionError, match=frame):
        check(usual, tmp_path / "edit")


def test_a_kill_comes_when_it_was_asked_for(server: Server, tmp_path: Path) -> None:
    case = CASES[0]
    (tmp_path / "a.yaml").write_text(case.scenes["a.yaml"])
    whole = server.run(case.commands[0], tmp_path)
    assert (whole.code, "contact sheet" in whole.words) == (0, True)
    assert server.run(("status", "nowhere"), tmp_path).code == 1
    ended = server.run(("render", "a.yaml", "--out", "other"), tmp_path, whole.seconds / 2)
    assert ended.code == KILLED and ended.seconds < whole.seconds
    assert (tmp_path / "other").is_dir() and not list((tmp_path / "other").glob("*.mp4"))

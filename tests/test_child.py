from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from subprocess import PIPE

import pytest

from tests.child import run, start

ASKS = (
    "import signal, sys; print([signal.getsignal(n) is not signal.SIG_IGN for n in (2, 15)]); "
    "sys.stdout.flush(); signal.pause()"
)


@pytest.fixture
def in_the_background() -> Iterator[None]:
    """This process ignores what a shell has a command in its background ignore, and more."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, signal.SIG_IGN)
    yield
    for number, handler in before.items():
        assert signal.getsignal(number) is signal.SIG_IGN, "the handlers here are as they were"
        signal.signal(number, handler)


@pytest.mark.usefixtures("in_the_background")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_child_can_be_interrupted_whatever_ignores_it_here(number: signal.Signals) -> None:
    with start([sys.executable, "-c", ASKS], stdout=PIPE, stderr=PIPE, text=True) as child:
        assert child.stdout.readline() == "[True, True]\n"
        child.send_signal(number)
        child.communicate(timeout=20)
    assert child.returncode == -number


@pytest.mark.usefixtures("in_the_background")
def test_a_program_that_is_waited_for_takes_signals_too() -> None:
    done = run([sys.executable, "-c", ASKS.partition("sys.stdout")[0]], stdout=PIPE, text=True)
    assert done.stdout == "[True, True]\n"

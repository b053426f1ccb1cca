"""Ctrl-C is raised, and remembered where Python drops the exception."""

import signal
import threading
from collections.abc import Iterator

import pytest

from experiments.interrupting import remembered_interrupts


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as in a process in the foreground, whatever the tests were started from."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_is_raised_and_remembered():
    with remembered_interrupts() as pressed:
        assert not pressed()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert pressed()


def test_the_handler_before_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    with remembered_interrupts():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_goes_without():
    answers = []

    def work():
        with remembered_interrupts() as pressed:
            answers.append(pressed())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert answers == [False]


def test_a_job_told_to_ignore_it_goes_on_ignoring():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with remembered_interrupts() as pressed:
        signal.raise_signal(signal.SIGINT)
        assert not pressed()

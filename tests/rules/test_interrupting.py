"""Ctrl-C is raised, and remembered where Python drops the exception."""

import signal
import threading

import pytest

from experiments.interrupting import remembered_interrupts


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

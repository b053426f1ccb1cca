"""Ctrl-C: raised, noted while work is under way, not lost where Python drops it, and at once the second time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qipan.experiments.console.interrupts import NOTHING, hearing, keeping, kept, noted, pressed

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as in a process in the foreground, whatever the tests were started from."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_is_raised_and_remembered_until_the_next_command():
    with hearing():
        assert not pressed()
        with pytest.raises(KeyboardInterrupt):
            press()
        assert pressed()
    with hearing():
        assert not pressed()


def test_the_first_is_noted_while_work_is_under_way_and_the_second_raised():
    with noted() as asked:
        press()
        assert asked()
        with pytest.raises(KeyboardInterrupt):
            press()


def test_the_handler_before_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    with hearing(), noted():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_goes_without():
    answers = []

    def work():
        with noted() as asked:
            answers.append(asked())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert answers == [False]


def test_a_job_told_to_ignore_it_goes_on_ignoring():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with noted() as asked:
        press()
        assert not asked()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer here")
def test_one_that_python_drops_in_a_destructor_is_raised_again(capsys):
    class Last:
        def __del__(self) -> None:
            press()

    limit = time.monotonic() + 60.0
    with hearing(), pytest.raises(KeyboardInterrupt):
        Last()
        while time.monotonic() < limit:
            time.sleep(0.01)
    assert capsys.readouterr().err == ""


def test_what_is_kept_is_told_as_it_was_where_the_interruption_fell():
    with hearing():
        assert kept() == NOTHING
        with keeping("a part"):
            assert kept() == "a part"
        assert kept() == NOTHING
        with pytest.raises(KeyboardInterrupt), keeping("the tables"):
            press()
        assert kept() == "the tables"


BUSY = """
import sys, threading, time
from qipan.experiments.console.interrupts import hearing, keeping, noted
with hearing(own=True), keeping("a part is stored"), noted():
    threading.Thread(target=time.sleep, args=[600.0]).start()
    print("ready", flush=True)
    time.sleep(600.0)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")
def test_the_second_ends_a_command_whatever_its_threads_do():
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "ended at once: a part is stored\n")

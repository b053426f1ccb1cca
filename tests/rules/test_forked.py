"""Pieces of work shared with copies of this process: the same results in the same order, whatever becomes of a copy."""

import os
import signal
import sys
import time

import pytest

from experiments.forked import shared_out, side_by_side
from model.errors import Problem, UserError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_results_come_in_order_and_the_last_pieces_are_done_elsewhere():
    held = list(range(100, 107))
    with side_by_side(2):
        done = shared_out(lambda place: (held[place], os.getpid()), len(held))
    assert [value for value, _ in done] == held
    assert done[-1][1] != os.getpid()
    alone = shared_out(lambda place: (held[place], os.getpid()), len(held))
    assert alone == [(value, os.getpid()) for value in held]


def test_a_piece_whose_process_is_killed_is_done_here():
    here = os.getpid()

    def piece(place: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return place

    with side_by_side(2):
        assert shared_out(piece, 5) == [0, 1, 2, 3, 4]


def test_what_a_piece_raises_is_raised_here():
    def piece(place: int) -> int:
        if place == 4:
            raise UserError(Problem("a file", "a key", "is wrong", "mend it"))
        return place

    with side_by_side(2), pytest.raises(UserError, match="a file: a key: is wrong; mend it"):
        shared_out(piece, 5)


def test_a_process_that_is_done_takes_pieces_that_wait_and_none_is_done_twice(tmp_path):
    """By hand: the first piece ends only when the middle ones are there, so the other process must do them."""

    def piece(place: int) -> int:
        (tmp_path / f"{place}-{os.getpid()}").touch()
        while place == 0 and len(list(tmp_path.iterdir())) < 5:
            time.sleep(0.005)
        return os.getpid()

    with side_by_side(2):
        here, *others = shared_out(piece, 5)
    assert here == os.getpid()
    assert len(set(others)) == 1
    assert others[0] != here
    assert sorted(file.name[0] for file in tmp_path.iterdir()) == ["0", "1", "2", "3", "4"]


def test_after_a_failure_no_piece_is_begun(tmp_path):
    def piece(place: int) -> None:
        (tmp_path / str(place)).touch()
        if place == 0:
            while not (tmp_path / "8").exists():
                time.sleep(0.005)
            raise KeyboardInterrupt
        time.sleep(0.3)

    with side_by_side(2), pytest.raises(KeyboardInterrupt):
        shared_out(piece, 9)
    assert len(list(tmp_path.iterdir())) <= 4

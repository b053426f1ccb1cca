"""What the tests of hostile input share."""

import pytest

import qipan
from qipan.experiments.command_line import main
from qipan.experiments.store.lock import FolderLock
from qipan.experiments.store.parts import store_error
from tests.errors.watched import TALLY


def pytest_terminal_summary(terminalreporter):
    """How much was answered, told at the end of a run."""
    if TALLY.commands:
        terminalreporter.write_line(
            f"{TALLY.commands:,} commands answered under watch; the slowest took {TALLY.seconds:.2f} s, the largest "
            f"growth of peak memory in one was {TALLY.memory / 1e6:.0f} MB"
        )


@pytest.fixture(scope="session")
def warm():
    """Everything is imported before time and memory are read."""
    for arguments in (("check", "baseline"), ("check", "cities-293"), ("compare", "baseline", "burn", "--dry-run")):
        assert main(list(arguments)) == 0


@pytest.fixture
def no_work(monkeypatch):
    """Commands end where they would begin to compute."""

    def refuse(self):
        raise store_error(self.path.parent, "nothing is computed in this test")

    def refuse_to_run(*arguments, **named):
        raise store_error("here", "nothing is computed in this test")

    monkeypatch.setattr(FolderLock, "__enter__", refuse)
    monkeypatch.setattr(qipan, "run", refuse_to_run)

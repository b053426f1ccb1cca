"""Every test runs from the root of the repository, and a floating-point error is a failure."""

import os
from collections.abc import Iterator
from pathlib import Path

from qipan.experiments.command_line import ONE_THREAD

# As the command line does it, and like there before NumPy: what tests run here has the bytes of a process of its own.
for name in ONE_THREAD:
    os.environ.setdefault(name, "1")
os.environ["QIPAN_LANG"] = "en"  # whatever the language of the system

import numpy as np  # noqa: E402
import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

from tests.once import Once  # noqa: E402
from tests.order import place  # noqa: E402

# The same examples on every machine and in every run; no time limit for one example.
settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
settings.load_profile("reproducible")

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; `make test` keeps xdist from putting files in another order."""
    items.sort(key=lambda item: place(os.path.relpath(item.path, ROOT / "tests").replace(os.sep, "/")))


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative paths in tests mean the same wherever pytest was started."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(autouse=True)
def floating_point_errors_raise() -> Iterator[None]:
    """Division by zero, overflow and invalid operations raise; underflow to zero is harmless."""
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        yield


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Once]:
    """Folders made once for all files and all workers of this run; see `Once`."""
    base = tmp_path_factory.getbasetemp()
    made = Once((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once")
    yield made
    made.check()

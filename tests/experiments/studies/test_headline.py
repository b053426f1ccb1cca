"""The table of the first block, and of all replicates, printed before the other tables are made."""

import sys

import pandas as pd
import pytest

from qipan.experiments.findings import terminal
from qipan.experiments.results.read import load_result
from qipan.experiments.studies.compare import conduct

SMALL = ("world.data=synthetic", "world.regions=4", "world.sector_count=3", "run.last_year=2024")
SHOWN = [("welfare", "total"), ("excess_entry", "2024")]
RUN = {"workers": 1, "language": "en", "no_report": True, "strict": False, "seed": None, "dry_run": False}


def compared(folder, replicates, quiet=False):
    """The comparison of two scenarios in a small world, as it was stored."""
    names = ["baseline", "national-design"]
    settings = {"settings": SMALL, "replicates": replicates, "folder": str(folder), "quiet": quiet}
    assert conduct(names, **settings, **RUN, executor="numpy") == 0
    return load_result(folder)


@pytest.mark.parametrize("watched", [True, False])
def test_a_terminal_shows_the_first_block_and_a_file_the_final_table_alone(watched, tmp_path, monkeypatch, capsys):
    """What is shown first is what a run of 128 replicates comes to; what is shown last is what is stored."""
    seen = []
    monkeypatch.setattr(terminal, "print_headline", lambda comparison, language: seen.append(comparison))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: watched)
    stored = compared(tmp_path / "all", 130)
    told = "Preliminary: the first 128 of 130 replicates" in capsys.readouterr().out
    expected = [compared(tmp_path / "first", 128, quiet=True), stored] if watched else [stored]
    assert told == watched
    assert [one.arms[0].replicates for one in seen] == [128, 130][-len(expected) :]
    for shown, wanted in zip(seen, expected, strict=True):
        for measure, year in SHOWN:
            rows = [one.difference("national-design", measure, year) for one in (shown, wanted)]
            pd.testing.assert_series_equal(*rows, check_names=False)

"""Table `regions`: welfare and net transfers by region, against the nation's numbers of the same comparison."""

import pandas as pd
import pytest

from qipan.experiments.report.answer import answer
from qipan.experiments.studies.python import compare


def test_regions_sum_to_the_nation_in_results(tmp_path):
    """Gains in welfare come to that of the nation; where a levy is burned every region gives and none receives."""
    settings = {"run.last_year": 2025}
    found = compare(["baseline", "burn"], replicates=3, settings=settings, folder=tmp_path / "result", executor="numpy")
    rows = found.table("regions").set_index("arm").loc["burn"]
    gaps = found.table("differences").set_index(["arm", "measure", "year"])["mean"]
    assert rows["welfare"].sum() == pytest.approx(gaps["burn", "welfare", "total"], rel=1e-9)
    assert len(rows) == 31 and (rows["net_transfer"] < 0.0).all()
    assert (rows["welfare_low"] <= rows["welfare"]).all() and (rows["welfare"] <= rows["welfare_high"]).all()


def test_own_weights_of_welfare_in_results(tmp_path):
    """Weights of 2 and 6 have the mean 4: the sum of 0.5 and 1.5 times what each region gains, in means and replicates;
    equal weights give welfare itself.
    """
    settings = {"world.data": "synthetic", "world.regions": 2, "world.sector_count": 3, "run.last_year": 2025}
    arms = ["baseline", "burn"]
    plain = compare(arms, replicates=3, settings=settings, folder=tmp_path / "plain", weights="equal")
    pd.testing.assert_series_equal(
        plain.table("totals")["welfare_weighted"], plain.table("totals")["welfare"], check_names=False, rtol=1e-9
    )
    codes = plain.world.region_codes
    file = tmp_path / "weights.csv"
    file.write_text(f"weight,region\n6,{codes[1]}\n2,{codes[0]}\n", encoding="utf-8")
    found = compare(arms, replicates=3, settings=settings, folder=tmp_path / "own", weights=file)
    gains = found.table("regions").set_index("region")["welfare"]
    expected = 0.5 * gains[codes[0]] + 1.5 * gains[codes[1]]
    row = found.difference("burn", "welfare_weighted")
    assert row["mean"] == pytest.approx(expected, rel=1e-9)
    assert row["low"] < expected < row["high"]
    assert found.manifest["weights"] == {"name": "weights.csv", "regions": {codes[0]: 0.5, codes[1]: 1.5}}
    (said,) = (text for text in answer(found, "en") if "weights.csv" in text)
    assert "welfare with own weights" in said

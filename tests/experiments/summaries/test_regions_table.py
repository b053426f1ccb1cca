"""Table `regions`: welfare and net transfers by region, against the nation's numbers of the same comparison."""

import pytest

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

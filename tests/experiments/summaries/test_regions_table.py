"""Table `regions`: welfare and net transfers by region, against the nation's numbers of the same comparison."""

import pandas as pd
import pytest

from qipan.experiments.report.answer import answer
from qipan.experiments.studies.python import compare
from qipan.model.measures.regional import REGION_COSTS, REGION_GAINS


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


def test_what_regions_bear_adds_up_and_is_what_other_tables_have(tmp_path):
    """Welfare by region is its gains less its costs; table `paths` has the quantiles that `fans` draws."""
    settings = {"run.last_year": 2025, "run.programme_until": 2024}
    found = compare(["baseline", "national-design"], replicates=5, settings=settings, folder=tmp_path / "r")
    table = found.table("incidence").pivot(index="region", columns="measure", values="mean")
    terms = sum(table[name] for name in REGION_GAINS) - sum(table[name] for name in REGION_COSTS)
    assert terms.to_numpy() == pytest.approx(table["welfare_by_region"].to_numpy(), abs=1e-9)
    regions = found.table("regions").set_index("region")
    rows = found.table("incidence").set_index(["measure", "region"])
    for column, (measure, ours) in {
        "welfare": ("welfare_by_region", "mean"),
        "welfare_low": ("welfare_by_region", "low"),
        "welfare_verdict": ("welfare_by_region", "verdict"),
        "gain": ("region_output", "mean"),
        "verdict": ("region_output", "verdict"),
    }.items():
        assert rows.loc[measure, ours].to_dict() == regions[column].to_dict(), column
    net = rows.loc["net_transfer_discounted", "mean"].to_numpy()
    assert net == pytest.approx(regions["net_transfer"].to_numpy(), rel=1e-14)
    assert sorted(rows.loc["welfare_by_region", "rank"]) == list(range(1, 32))
    paths, fans = found.table("paths"), found.table("fans")
    assert sorted(set(paths["year"])) == [2023, 2024] and len(paths) == 2 * 2 * 5
    for row in fans[(fans["region"] != "nation") & (fans["year"] <= 2024)].itertuples():
        mine = paths[(paths["arm"] == row.arm) & (paths["year"] == row.year)][row.region]
        assert mine.median() == pytest.approx(row.median, rel=1e-12)

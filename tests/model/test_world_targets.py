"""Targets as objects: corrected and as printed, never compared with another indicator."""

import csv
import io
from pathlib import Path

import pytest

from qipan.model.parameters import WorldChoice
from qipan.model.world import Target, load_world, shipped_folder


def targets(data: str = "provinces-31") -> dict[str, Target]:
    return {target.identifier: target for target in load_world(WorldChoice(data=data)).targets}


def test_shanghai_is_500_billion_of_output_and_5000_as_printed() -> None:
    shanghai = targets()["shanghai-output-2030"]
    assert (shanghai.value, shanghai.unit, shanghai.year, shanghai.indicator) == (500.0, "bn yuan", 2030, "output")
    assert shanghai.broad and shanghai.simulated and shanghai.threshold == 500.0 and shanghai.region == "CN-SH"
    printed = shanghai.as_printed()
    assert (printed.value, printed.threshold, printed.year) == (5000.0, 5000.0, 2030)


def test_nanjing_is_a_target_of_a_city() -> None:
    upper, city = targets()["nanjing-main-business-income-2025"], targets("cities-293")
    nanjing = city["nanjing-main-business-income-2025"]
    assert not upper.simulated and upper.threshold is None and "city" in upper.why_not
    assert nanjing.simulated and (nanjing.value, nanjing.year, nanjing.comparator) == (300.0, 2025, ">")
    assert (nanjing.as_printed().value, nanjing.as_printed().year) == (2025.0, 3000)
    assert not city["shanghai-output-2030"].simulated


def test_henan_and_shanxi_count_what_is_in_no_sector() -> None:
    """A hit rate of 0% would be an answer to another question: nothing is said of them."""
    for name in ("henan-value-added-share-2025", "shanxi-main-business-income-2025"):
        target = targets()[name]
        assert target.outside and not target.simulated and target.threshold is None, name


def test_a_share_of_value_added_has_an_assumed_denominator(tmp_path: Path) -> None:
    """Secondary value added 2022 = 6,134.51 bn of GDP x 0.4239; times 0.30 x 0.80 x 1.06^3 x 0.15."""
    shipped = (shipped_folder() / "targets.csv").read_text(encoding="utf-8")
    assert "value_added_share,outside" in shipped
    (tmp_path / "targets.csv").write_text(
        shipped.replace("value_added_share,outside", "value_added_share,model"), "utf-8"
    )
    own = {target.identifier: target for target in load_world(WorldChoice(), tmp_path).targets}
    henan = own["henan-value-added-share-2025"]
    assert henan.measured_by == "value_added" and henan.value == 0.15 and "assumed" in henan.reading and not henan.broad
    secondary = 6134.51 * 0.4239
    assert henan.threshold == pytest.approx(secondary * 0.30 * 0.80 * 1.06**3 * 0.15, rel=1e-6)


def test_own_targets_without_a_scope_are_told(tmp_path: Path) -> None:
    """Five are simulated; Henan's and Shanxi's, which the shipped table leaves out, are then too, all of them broad."""
    shipped = (shipped_folder() / "targets.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(shipped)))
    with (tmp_path / "targets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name != "scope"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    own = load_world(WorldChoice(), tmp_path)
    assert sum(target.simulated for target in own.targets) == 7
    (told,) = own.own.warnings
    assert "targets.csv: scope: 7 targets without a scope (shanghai-output-2030, " in str(told)
    assert "held as broad" in str(told) and str(told).endswith("write one of: broad | model | outside")
    (tmp_path / "targets.csv").write_text(shipped, encoding="utf-8")
    assert load_world(WorldChoice(), tmp_path).own.warnings == ()


def test_scale_is_an_indicator_of_its_own_read_as_output() -> None:
    scale = [target for target in targets().values() if target.indicator == "scale"]
    assert [(t.region, t.value, t.year) for t in scale] == [
        ("CN-AH", 200.0, 2027),
        ("CN-AH", 500.0, 2030),
        ("CN-HB", 100.0, 2026),
        ("CN-HB", 1000.0, 2035),
    ]
    assert all(
        target.simulated and target.measured_by == "output" and "read as output" in target.reading for target in scale
    )


def test_every_target_is_listed_and_says_why_it_is_not_simulated() -> None:
    found = targets()
    assert len(found) == 28
    assert sum(target.simulated for target in found.values()) == 5
    assert all(bool(target.why_not) != target.simulated for target in found.values())
    assert all(target.source and target.confidence for target in found.values())


def test_a_target_printed_right_reads_the_same_both_ways() -> None:
    hubei = targets()["hubei-scale-2035"]
    assert hubei.as_printed() == hubei


def test_the_count_of_cities_was_printed_the_wrong_way_round() -> None:
    count = targets()["national-documents-2023-city"]
    assert (count.value, count.value_as_printed) == (16.0, 293.0)

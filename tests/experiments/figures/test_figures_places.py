"""Worlds of many regions: cities inside the tile of their province, invented regions in order, rows that are means."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qipan.experiments.figures.city_map import cities_by_province, tiles
from qipan.experiments.figures.gains import shades
from qipan.experiments.figures.layout import joined, rows_of
from qipan.experiments.figures.ranked_gains import ranked
from qipan.experiments.figures.sheet import SIZES, Sheet
from qipan.experiments.findings.gains import lies_nowhere, provinces
from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world

SHEET = Sheet("en", SIZES["page"], "")


def gains(codes: tuple[str, ...], sure: int) -> pd.DataFrame:
    """The first `sure` regions gain a tenth for certain, the others nothing."""
    clear = np.arange(len(codes)) < sure
    return pd.DataFrame(
        {
            "gain": np.where(clear, 10.0, 1.0),
            "low": np.where(clear, 8.0, -2.0),
            "high": np.where(clear, 12.0, 4.0),
            "relative": np.where(clear, 0.1, 0.01),
            "p_adjusted": np.where(clear, 0.001, 0.6),
            "verdict": np.where(clear, "better", "not distinguishable"),
        },
        index=list(codes),
    )


def test_every_city_stands_once_in_the_tile_of_its_province() -> None:
    world = load_world(WorldChoice(data="cities-293"))
    axes = SHEET.figure(6.0).add_subplot()
    tiles(axes, SimpleNamespace(world=world), gains(world.region_codes, 7), shades(0.2), SHEET)
    squares = [patch for patch in axes.patches if patch.get_gid() in ("filled", "hollow")]
    assert len(squares) == 293
    assert sum(patch.get_gid() == "filled" for patch in squares) == 7
    upper, groups = provinces(world), cities_by_province(world)
    owners = [place for place in groups for _ in groups[place]]
    in_tile = []
    for place in range(31):
        column, row = upper.tile_column[place], upper.tile_row[place]
        inside = [
            patch
            for patch in squares
            if column <= patch.get_x()
            and row <= patch.get_y()
            and patch.get_x() + patch.get_width() <= column + 1
            and patch.get_y() + patch.get_height() <= row + 1
        ]
        in_tile.append(len(inside))
    assert in_tile == [owners.count(place) for place in range(31)]


def test_rows_of_cities_are_means_over_their_province() -> None:
    world = load_world(WorldChoice(data="cities-293"))
    rows = rows_of(world, "en")
    assert sorted(city for row in rows for city in row.regions) == list(range(293))
    assert len(rows) == 27
    values = np.arange(293.0)[:, None] * np.ones(6)
    henan = next(place for place, row in enumerate(rows) if row.name == "Henan")
    assert joined(values, rows)[henan, 0] == pytest.approx(np.mean(rows[henan].regions))


def test_invented_regions_lie_nowhere_and_stand_in_order() -> None:
    world = load_world(WorldChoice(data="synthetic", regions=100, sector_count=10))
    assert lies_nowhere(world) and not lies_nowhere(provinces(world))
    rows = rows_of(world, "en")
    assert len(rows) == 40 and [row.regions[0] for row in rows] == list(range(40))  # sizes are 1/i
    axes = SHEET.figure(4.0).add_subplot()
    ranked(axes, gains(world.region_codes, 5), SHEET)
    dots = [line for line in axes.lines if line.get_gid()]
    assert [line.get_gid() for line in dots] == ["hollow"] * 95 + ["filled"] * 5
    heights = [float(line.get_ydata()[0]) for line in dots]
    assert heights == sorted(heights)

"""Tables of a comparison that set an arm against the baseline or a target. Columns as in `comparison.COLUMNS`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.summaries.rows import Part, fan_regions
from qipan.experiments.summaries.single import columns_of, described, frame, names_of
from qipan.experiments.summaries.targets import at_scope, counted, scopes, shortfall

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.parameters.market import Market
    from qipan.model.world import Target, World

Array = NDArray[np.float64]
GAIN = "region_output"
REGIONAL = {"gain": GAIN, "welfare": "welfare_by_region", "transfer": "net_transfer_discounted"}
"""What table `regions` sets against the first arm, by the kind of its group in a summary."""
BORNE, AGAINST = "borne", "borne-against"
"""Groups of a summary: every measure of one region, (n, measure x region), and the same less the baseline's."""
MOST_RESAMPLED = 5_000
"""Replicates above which the bootstrap is left out: the mean of so many is normal enough for the t interval."""
WEIGHTS = ("unweighted", "population", "output")
"""What a region's vote may count for."""
MOST_AT_ONCE = 4_000_000
"""Numbers compared in one go, so that memory stays flat however many replicates there are."""


MeasureColumn = tuple[str, str, Array]


def differences_table(arms: Sequence[str], parts: Sequence[Part], years: Sequence[int]) -> pd.DataFrame:
    """Table `differences`: every measure and year of every arm against the first, paired by replicate."""
    baseline = columns_of(parts[0], years)
    rows: list[tuple[Any, ...]] = []
    for arm, part in zip(arms[1:], parts[1:], strict=True):
        pairs = list(zip(columns_of(part, years), baseline, strict=True))
        found: dict[tuple[str, str], tuple[Any, ...]] = {}
        for group in _alike(pairs):
            found.update(_compared(*group))
        rows.extend((arm, arms[0], name, year, *found[name, year]) for (name, year, _), _ in pairs)
    return frame("differences", rows)


def _alike(
    pairs: Sequence[tuple[MeasureColumn, MeasureColumn]],
) -> Iterator[tuple[list[tuple[str, str]], Array, Array, str]]:
    """Columns that can be compared in one go: those of one direction that are finite throughout; others one by one."""
    from qipan.model.measures import MEASURES

    groups: dict[str, list[tuple[MeasureColumn, MeasureColumn]]] = {}
    for ours, theirs in pairs:
        direction = MEASURES[ours[0]].direction
        good = np.isfinite(ours[2]) & np.isfinite(theirs[2])
        if good.all():
            groups.setdefault(direction, []).append((ours, theirs))
        else:
            yield [ours[:2]], ours[2][good, None], theirs[2][good, None], direction
    for direction, group in groups.items():
        width = max(1, MOST_AT_ONCE // len(group[0][0][2]))
        for start in range(0, len(group), width):
            chunk = group[start : start + width]
            ours, theirs = (np.stack([pair[side][2] for pair in chunk], axis=1) for side in (0, 1))
            yield [pair[0][:2] for pair in chunk], ours, theirs, direction


def _compared(
    names: list[tuple[str, str]], ours: Array, theirs: Array, direction: str
) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The columns of `differences` from `mean` on, for each (measure, year)."""
    from qipan.experiments.statistics.paired import compare_paired, verdict

    if not len(ours):
        return {name: (*(np.nan,) * 11, 0, verdict(np.nan, np.nan, direction)) for name in names}
    found = compare_paired(ours, theirs, direction, bootstrap=len(ours) <= MOST_RESAMPLED)
    columns = (
        found.mean,
        found.low,
        found.high,
        found.boot_low,
        found.boot_high,
        found.median,
        found.baseline_mean,
        found.probability_better,
        found.probability_low,
        found.probability_high,
        found.variance_reduction,
    )
    return {
        name: (
            *(float(column[place]) for column in columns),
            found.n,
            verdict(float(found.low[place]), float(found.high[place]), direction),
        )
        for place, name in enumerate(names)
    }


def targets_table(
    arms: Sequence[str], parts: Sequence[Part], years: Sequence[int], world: World, markets: Sequence[Market]
) -> pd.DataFrame:
    """Table `targets`: share of futures that meet each simulated target, what was obtained, what is missing.

    Targets on an indicator or in a year that is not simulated are left out. `markets` are those of the arms: value
    added per yuan of output, and scope.
    """
    rows = [
        (arm, *_target_row(target, path, years, market))
        for arm, part, market in zip(arms, parts, markets, strict=True)
        for target, path in target_paths(part, years, world, market)
    ]
    return frame("targets", rows)


def target_paths(part: Part, years: Sequence[int], world: World, market: Market) -> Iterator[tuple[Target, Array]]:
    """Each target that is simulated in these years, and the paths (n, T) of its indicator in its own unit."""
    places = {world.region_codes[place]: column + 1 for column, place in enumerate(fan_regions(world))}
    for target in simulated_targets(years, world):
        yield target, part["fan:output"][:, :, places[target.region]] * counted(target, market)


def simulated_targets(years: Sequence[int], world: World) -> list[Target]:
    """The targets of a world that are simulated in these years."""
    there = {world.region_codes[place] for place in fan_regions(world)}
    return [target for target in world.targets if target.simulated and target.year in years and target.region in there]


def _target_row(target: Target, path: Array, years: Sequence[int], market: Market) -> tuple[Any, ...]:
    """One target against the paths (n, T) of its indicator, in the target's own unit."""
    from qipan.experiments.statistics.paired import wilson_interval

    obtained = path[:, list(years).index(target.year)]
    met = is_obtained(obtained, target)
    share = wilson_interval(float(met.mean()), len(met))
    reached = path >= target.value
    first = np.asarray(years)[reached[reached.any(axis=1)].argmax(axis=1)]
    _, low, _, middle, _, high, _ = described(obtained)
    missing = described(shortfall(obtained, target.value))
    return (
        target.identifier,
        target.region,
        target.indicator,
        target.year,
        target.value,
        target.unit,
        float(share.estimate),
        float(share.low),
        float(share.high),
        low,
        middle,
        high,
        *missing[:6],
        float(np.median(first)) if len(first) else np.nan,
        len(met),
        market.scope if target.broad else 1.0,
        *(float(is_obtained(at_scope(obtained, target, market, scope), target).mean()) for scope in scopes()),
    )


def is_obtained(obtained: Array, target: Target) -> NDArray[np.bool_]:
    """Whether what was obtained in a target's year meets it."""
    return obtained > target.value if target.comparator == ">" else obtained >= target.value


def regions_table(arms: Sequence[str], parts: Sequence[Part], world: World) -> pd.DataFrame:
    """Table `regions`: who gains and who loses output and welfare against the first arm, with false-discovery control
    of each; what each receives from the nation.
    """
    from qipan.experiments.statistics.multiplicity import benjamini_hochberg
    from qipan.experiments.statistics.paired import compare_paired, p_value, verdict
    from qipan.model.world.names import six_digits

    rows, digits = [], six_digits(world)
    for arm, part in zip(arms[1:], parts[1:], strict=True):
        ours, theirs = part[f"region:{GAIN}"], parts[0][f"region:{GAIN}"]
        found = compare_paired(ours, theirs, "higher is better")
        chances = p_value(ours - theirs)
        adjusted = benjamini_hochberg(chances)
        welfare, transfer = (
            [each[f"region:{REGIONAL[kind]}"] for each in (part, parts[0])] for kind in ("welfare", "transfer")
        )
        better_off = compare_paired(*welfare, "higher is better")
        certain = benjamini_hochberg(p_value(welfare[0] - welfare[1])) <= 0.05
        received = (transfer[0] - transfer[1]).mean(axis=0)
        for place, code in enumerate(world.region_codes):
            mean, low, high = float(found.mean[place]), float(found.low[place]), float(found.high[place])
            base = float(found.baseline_mean[place])
            sure = adjusted[place] <= 0.05
            rows.append(
                (
                    arm,
                    code,
                    world.region_names[place],
                    world.region_names_zh[place],
                    digits[place],
                    mean,
                    low,
                    high,
                    mean / base if base > 0 else np.nan,
                    float(found.probability_better[place]),
                    float(chances[place]),
                    float(adjusted[place]),
                    verdict(low, high, "higher is better", bool(sure)),
                    *(float(column[place]) for column in (better_off.mean, better_off.low, better_off.high)),
                    verdict(
                        float(better_off.low[place]),
                        float(better_off.high[place]),
                        "higher is better",
                        bool(certain[place]),
                    ),
                    float(received[place]),
                )
            )
    return frame("regions", rows)


def borne(part: Part) -> Array:
    """Every measure of one region beside each other, (n, measure x region), measures in order of name."""
    return np.concatenate([part[f"region:{name}"] for name in names_of(part, "region")], axis=1)


def incidence_table(arms: Sequence[str], parts: Sequence[Part], world: World) -> pd.DataFrame:
    """Table `incidence`: every measure of one region against the first arm; one measure at a time, to save memory."""
    from qipan.experiments.statistics.paired import mean_interval, p_value

    rows: list[tuple[Any, ...]] = []
    for arm, part in zip(arms[1:], parts[1:], strict=True):
        for name in names_of(part, "region"):
            base = parts[0][f"region:{name}"]
            apart = part[f"region:{name}"] - base
            found = mean_interval(apart)
            told = found.estimate, found.low, found.high
            rows += incidence_rows(arm, name, base.mean(axis=0), told, p_value(apart), len(apart), world)
    return frame("incidence", rows)


def incidence_rows(
    arm: str, name: str, base: Array, told: tuple[Array, Array, Array], chances: Array, n: int, world: World
) -> Iterator[tuple[Any, ...]]:
    """Rows of table `incidence` of one arm and measure, regions in the order of the world.

    Args:
        arm: Short name of the arm.
        name: Of the measure.
        base: (region,) means of the baseline.
        told: (region,) mean, low and high of the differences.
        chances: (region,) their p.
        n: Replicates.
        world: With the regions.
    """
    from qipan.experiments.statistics.multiplicity import benjamini_hochberg
    from qipan.experiments.statistics.paired import verdict
    from qipan.model.measures import MEASURES

    certain = benjamini_hochberg(chances) <= 0.05
    rank = 1 + np.argsort(np.argsort(-told[0], kind="stable"), kind="stable")
    for place, code in enumerate(world.region_codes):
        mean, low, high = (float(values[place]) for values in told)
        found = verdict(low, high, MEASURES[name].direction, bool(certain[place]))
        yield arm, code, name, float(base[place]), mean, low, high, found, int(rank[place]), n


def votes_table(arms: Sequence[str], parts: Sequence[Part], world: World) -> pd.DataFrame:
    """Table `votes`: would a majority of regions vote for the arm, unweighted, by population, by baseline output?"""
    from qipan.experiments.statistics.paired import wilson_interval

    rows = []
    population = np.asarray(world.population, dtype=np.float64)
    for arm, part in zip(arms[1:], parts[1:], strict=True):
        ours, theirs = part[f"region:{GAIN}"], parts[0][f"region:{GAIN}"]
        gains = ((ours > theirs) + 0.5 * (ours == theirs)).astype(np.float64)
        shares = vote_shares(gains, vote_weights(population, theirs.mean(axis=0)))
        for weight, share in zip(WEIGHTS, shares.T, strict=True):
            if np.isfinite(share).all():
                mean, low, _, _, _, high, _ = described(share)
                won = wilson_interval(float((share > 0.5).mean()), len(share))
                rows.append((arm, weight, mean, low, high, *map(float, (won.estimate, won.low, won.high))))
    return frame("votes", rows)


def vote_weights(population: Array, output: Array) -> list[Array]:
    """Weight of each region's vote, (region,), in the order of `WEIGHTS`; NaN where the weights have no sum."""
    found = []
    for amounts in (np.ones(len(output)), np.asarray(population, dtype=np.float64), output):
        whole = float(amounts.sum())
        found.append(amounts / whole if np.isfinite(whole) and whole > 0 else np.full(len(output), np.nan))
    return found


def vote_shares(gains: Array, weights: Sequence[Array]) -> Array:
    """Share of votes for an arm by each weight, (n, weight); `gains` (n, region) is 1, 0 or one half for a tie."""
    return np.stack([np.add.reduce(gains * weight, axis=-1) for weight in weights], axis=1)

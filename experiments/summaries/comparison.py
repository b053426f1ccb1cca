"""What a comparison of arms found: the one object that running code fills and that figures and the report read.

Every table is a pandas frame with the columns named in ``COLUMNS`` (in that order, no index to keep). Money is in
billion yuan at 2022 prices. ``arm`` is the arm's short name, ``measure`` a name of ``qipan.model.measures.MEASURES``.

Two words recur. ``year`` is a calendar year, written as text where whole-run measures stand in the same column: "2030"
or "total". ``verdict`` is one of ``VERDICTS``: "better" and "worse" for measures that have a good direction, "higher"
and "lower" for neutral ones, "not distinguishable" when the interval of the paired difference covers zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from qipan.model.notices.notice import Notice
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

TOTAL = "total"
VERDICTS = (
    "better",
    "worse",
    "higher",
    "lower",
    "not distinguishable",
    "identical",
    "one replicate: no interval",
    "no value",
)
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_QUANTILES = ("q05", "q25", "median", "q75", "q95")

COLUMNS: dict[str, tuple[str, ...]] = {
    # who is who: role "baseline", "policy" or a key of family.REFERENCES; policy: the arm whose reference it is (a
    # policy: itself); same_as: the arm of equal content that was run for it, "" where it was run itself; note: what a
    # policy lacks
    "arms": ("arm", "role", "policy", "same_as", "title", "title_zh", "note"),
    # arm, replicate, year (int), then one column per yearly measure
    "measures": ("arm", "replicate", "year"),
    # arm, replicate, then one column per whole-run measure
    "totals": ("arm", "replicate"),
    # year: text, "2023".."2035" or "total"; n: replicates used
    "summary": ("arm", "measure", "year", "mean", "median", "q05", "q25", "q75", "q95", "n"),
    # mean, low, high: of arm minus baseline, paired by replicate, 95%; boot_*: bootstrap interval of the mean
    # probability_better: share of replicates in which the arm is better (neutral measures: higher), ties count half
    # variance_reduction: how many times fewer replicates pairing needs: (Var a + Var b) / Var(a - b)
    # baseline_mean: the baseline's mean of the measure; median: of the paired differences
    "differences": (
        "arm",
        "baseline",
        "measure",
        "year",
        "mean",
        "low",
        "high",
        "boot_low",
        "boot_high",
        "median",
        "baseline_mean",
        "probability_better",
        "probability_low",
        "probability_high",
        "variance_reduction",
        "n",
        "verdict",
    ),
    # target: identifier of the Target; low, high: Wilson 95%; shortfall_*: share of the target missed, 0 when met
    # met_year: median first year in which the target's level is reached among replicates that reach it, else NaN
    # scope: yuan that the target counts for a yuan of the model's output; narrow, wide: probability at scope 1 and at 4
    "targets": (
        "arm",
        "target",
        "region",
        "indicator",
        "year",
        "value",
        "unit",
        "probability",
        "low",
        "high",
        "obtained_q05",
        "obtained_median",
        "obtained_q95",
        "shortfall_mean",
        "shortfall_q05",
        "shortfall_q25",
        "shortfall_median",
        "shortfall_q75",
        "shortfall_q95",
        "met_year",
        "n",
        "scope",
        "narrow",
        "wide",
    ),
    # gain: a region's output over the whole run, discounted, arm minus baseline, bn yuan; relative: gain / baseline
    # p: two-sided paired t; p_adjusted: Benjamini-Hochberg over regions; probability_gain: share of replicates
    # admin_code: GB/T 2260, six digits as text, empty for invented regions
    # welfare, net_transfer: over the run, discounted, arm minus baseline, bn yuan; welfare_verdict: of welfare
    "regions": (
        "arm",
        "region",
        "name",
        "name_zh",
        "admin_code",
        "gain",
        "low",
        "high",
        "relative",
        "probability_gain",
        "p",
        "p_adjusted",
        "verdict",
        "welfare",
        "welfare_low",
        "welfare_high",
        "welfare_verdict",
        "net_transfer",
    ),
    # every measure of one region over the run, arm minus baseline, paired by replicate; verdict with Benjamini-Hochberg
    # over the regions; rank: place of the mean among all regions, 1 the largest
    "incidence": ("arm", "region", "measure", "baseline_mean", "mean", "low", "high", "verdict", "rank", "n"),
    # arm, replicate, year of the programme (int), then one column per region, by its code: output, bn yuan
    "paths": ("arm", "replicate", "year"),
    # one row per mechanism and stage (stage "all": the mechanism as a whole); offered, returned, lost: "all" rows only
    # used: bn over the run; return_rate: returned / used - 1 where the mechanism expects money back, else NaN
    "money": (
        "arm",
        "mechanism",
        "stage",
        "used",
        "used_q05",
        "used_q95",
        "offered",
        "returned",
        "lost",
        "return_rate",
    ),
    # probability: share of replicates in which the region is in the sector at the end of that year (int)
    "layouts": ("arm", "region", "sector", "year", "probability"),
    # national output by year (int), bn yuan; region "nation" or an iso code of a region that has an output target
    "fans": ("arm", "region", "year", "mean", *_QUANTILES),
    # ranks an arm may hold: 1 + arms proven better, arms - arms proven worse (Holm over all pairs of the measure)
    # better_than, worse_than: those arms; probability_best: share of replicates in which no arm is better
    # family: the arms ranked together, each content once; all pairs of them share the error rate
    "ranking": (
        "measure",
        "year",
        "arm",
        "mean",
        "low",
        "high",
        "best",
        "worst",
        "probability_best",
        "better_than",
        "worse_than",
        "family",
    ),
    # welfare counted to year (int), arm minus baseline; ranks there: rows of `ranking` on welfare_until
    "horizons": ("arm", "year", "mean", "low", "high", "median", "verdict", "n"),
    # shift of the arm's difference from the baseline with one parameter at one end of its plausible range, all else as
    # used; low, high: of the shift, 95%; p_adjusted: Holm over all ends of the measure; difference: what it comes to
    # sign: "keeps", "turns", "opens" (can no longer be told from zero), "settles"; swing: of both ends together
    "importance": (
        "arm",
        "measure",
        "parameter",
        "grade",
        "used",
        "end",
        "value",
        "shift",
        "low",
        "high",
        "p_adjusted",
        "difference",
        "difference_low",
        "difference_high",
        "sign",
        "swing",
        "n",
    ),
    # votes for the arm against the baseline: weight one of unweighted, population, output; share of weight that gains
    "votes": (
        "arm",
        "weight",
        "share_mean",
        "share_q05",
        "share_q95",
        "probability_majority",
        "probability_low",
        "probability_high",
    ),
}


@dataclass(frozen=True, eq=False)
class ArmResult:
    """One arm of a comparison.

    Args:
        name: Short name, the value of column ``arm``.
        title, title_zh: What figures print.
        scenario: The resolved scenario.
        replicates: Number of replicates used.
        seconds: Wall time of the arm (goes to the manifest's block of times only).
        arrays: Means over replicates that a figure needs whole, by name (e.g. ``capacity`` (T, R, K)).
        role: ``baseline``, ``policy``, or which reference it is, a key of ``family.REFERENCES``.
        policy: Name of the policy it belongs to, its own for a policy; "" for the baseline.
        same_as: Name of the arm of equal content that was run for it; "" where it was run itself.
    """

    name: str
    title: str
    title_zh: str
    scenario: Scenario
    replicates: int
    seconds: float = 0.0
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    role: str = "policy"
    policy: str = ""
    same_as: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Arms run on the same draws, and every table made of them. See the module's text for the columns.

    Args:
        name: Name of the result, the folder under results/.
        baseline: Short name of the arm that differences are taken against.
        arms: In the order they are to be shown: the baseline, then each policy followed by its references.
        years: Calendar years simulated, in order.
        world: The world all arms share.
        tables: One frame for each key of ``COLUMNS``.
        manifest: What made the result: versions, hashes, seed; times in one block "times".
        warnings: What a reader must see (loss of pairing, failed replicates, ...).
        headline: Short name of the policy that titles the figures; "" for the last.
        told: Year in which measures of a year are told, where it is not the programme's last.
    """

    name: str
    baseline: str
    arms: tuple[ArmResult, ...]
    years: tuple[int, ...]
    world: World
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Notice, ...] = ()
    headline: str = ""
    told: int | None = None

    @property
    def policies(self) -> list[ArmResult]:
        """The arms asked about, in the order given."""
        return [arm for arm in self.arms if arm.role == "policy"]

    @property
    def asked(self) -> ArmResult:
        """The policy that titles the figures; the only arm where there is no other."""
        if self.headline:
            return self.arm(self.headline)
        return self.policies[-1] if self.policies else self.arms[-1]

    @property
    def year_told(self) -> int:
        """The year in which measures of a year are told: the programme's last, since afterwards nobody coordinates in
        any arm; the run's last where the programme lasts as long, or a year that was chosen.
        """
        return self.told or self.arms[0].scenario.run.programme_end

    def of(self, policy: str) -> dict[str, ArmResult]:
        """A policy and its references, by role."""
        return {arm.role: arm for arm in self.arms if arm.policy == policy}

    def table(self, name: str) -> pd.DataFrame:
        """Return one table; raises KeyError that names the tables there are."""
        if name not in self.tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(sorted(self.tables))}")
        return self.tables[name]

    def arm(self, name: str) -> ArmResult:
        """Return one arm by its short name; raises KeyError that names the arms there are."""
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise KeyError(f"no arm {name!r}; there are {', '.join(arm.name for arm in self.arms)}")

    def difference(self, arm: str, measure: str, year: int | str = TOTAL) -> pd.Series:
        """Return the row of ``differences`` for one arm, measure and year ("total" for whole-run measures)."""
        row = self.row("differences", arm, measure, str(year))
        if row is None:
            raise KeyError(f"no difference of arm {arm!r} in measure {measure!r} for {year}")
        return row

    def row(self, table: str, arm: str, measure: str, year: str) -> pd.Series | None:
        """Return the row of ``summary`` or ``differences`` for one arm, measure and year; None if there is none."""
        place = self._places[table].get((arm, measure, year))
        return None if place is None else self.tables[table].iloc[place]

    @cached_property
    def summed_up(self) -> frozenset[str]:
        """Measures that ``summary`` has of the whole run."""
        return frozenset(measure for _, measure, year in self._places["summary"] if year == TOTAL)

    @cached_property
    def _places(self) -> dict[str, dict[tuple[str, str, str], int]]:
        """Where the row of each arm, measure and year stands: looked up hundreds of times by figures and page."""
        return {name: _places_in(self.tables[name]) for name in ("summary", "differences") if name in self.tables}


def _places_in(table: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """The first row of each arm, measure and year."""
    keys = zip(table["arm"], table["measure"], table["year"].astype(str), strict=True)
    return {key: place for place, key in reversed(list(enumerate(keys)))}


def empty_tables() -> dict[str, pd.DataFrame]:
    """Return every table of ``COLUMNS`` without rows."""
    import pandas as pd

    return {name: pd.DataFrame({column: [] for column in columns}) for name, columns in COLUMNS.items()}

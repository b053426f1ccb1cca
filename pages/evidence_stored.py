"""What comparisons quote of the evidence (findings/quoted/evidence.json), made from the studies of its page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.sweep_tables import HELPS, HURTS, UNCLEAR
from qipan.experiments.evidence.indices import EFFECT
from qipan.experiments.findings.quoted.shipped import made_of

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study
    from qipan.model.scenario import Scenario

OUTCOMES = {"helps": HELPS, "untold": UNCLEAR, "hurts": HURTS}


def record(
    studies: Mapping[str, Study], scenarios: Mapping[str, Scenario], design: str, model: str, data: Mapping[str, str]
) -> dict[str, Any]:
    """What the stored file holds.

    Args:
        studies: `calibration`, `over` (a comparison over its worlds), `sensitivity` and `flip` (of the design).
        scenarios: The policies of `over` by name, with `baseline`.
        design: The policy that sensitivity and flip are of.
        model: Hash of the sources of the model.
        data: SHA-256 of the tables by name.
    """
    over, volume = studies["over"], studies["over"].tables["volume"]
    policies = {
        name: {
            "made": made_of(scenario, scenarios["baseline"], model, data),
            "title": {"en": scenario.title, "zh": scenario.title_zh or scenario.title},
            **_outcomes(volume[volume["arm"] == name]),
        }
        for name, scenario in scenarios.items()
        if name != "baseline"
    }
    return {
        "seed": int(over.facts["seed"]),
        "year": int(studies["sensitivity"].facts["year"]),
        "worlds": int(volume["points"].iloc[0]),
        "left": _short(studies["calibration"].tables["waves"].iloc[-1], "left", "low", "high"),
        "policies": policies,
        "design": {
            "scenario": design,
            "shares": _shares(studies["sensitivity"]),
            "quality": _short(studies["sensitivity"].tables["quality"].iloc[0], "q2", "coverage", "fresh"),
            **_reversal(studies["flip"]),
        },
    }


def _short(row: Any, *names: str) -> dict[str, float]:
    return {name: float(f"{float(row[name]):.6g}") for name in names if math.isfinite(float(row[name]))}


def _outcomes(rows: Any) -> dict[str, dict[str, float]]:
    """Shares of worlds in which a policy helps, cannot be told and hurts, with their intervals."""
    by_outcome = rows.set_index("outcome")
    return {name: _short(by_outcome.loc[key], "share", "low", "high") for name, key in OUTCOMES.items()}


def _shares(study: Study) -> list[dict[str, Any]]:
    """Total shares of the variance of the effect, largest first."""
    table = study.tables["indices"]
    rows = table[table["outcome"] == EFFECT].sort_values("total", ascending=False).to_dict("records")
    return [
        {"parameter": str(row["parameter"]), **_short(row, "total", "total_low", "total_high", "first")} for row in rows
    ]


def _reversal(study: Study) -> dict[str, Any]:
    """The nearest reversal: how far, and what changes by how much; without one, nothing."""
    row = study.tables["reversal"].iloc[0]
    if not math.isfinite(row["distance"]):
        return {}
    change = [
        {"parameter": str(each["parameter"]), **_short(each, "used", "value", "moved")}
        for each in study.tables["change"].to_dict("records")
    ]
    return {"reversal": _short(row, "distance", "low", "high"), "change": change}

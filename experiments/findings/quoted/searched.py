"""The best of a searched set of policies: how its arms are called, and the figures of the full search, quoted.

The search runs by `make economy` and `qipan best`, never beside a comparison; its figures around the shipped design are
stored next to this file with what they were made of, so that a comparison of that design quotes them and says when they
are stale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.attribution import lever_label
from qipan.experiments.findings.quoted.shipped import made_now, made_of, stale
from qipan.experiments.store.parts import content_key
from qipan.experiments.words.labels import Topic, listed, shown_unit
from qipan.experiments.words.numbers import fixed, percent, percent_span, places_for

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study
    from qipan.experiments.summaries.comparison import ArmResult, Comparison
    from qipan.model.scenario import Scenario

BOUND, FIXED, DESIGN = "bound", "best_fixed", "design"
STORED = Path(__file__).with_name("searched_bound.json")

phrase = Topic("value")


def searched_label(name: str, language: str) -> str:
    """What an arm of the searched set is called."""
    if name in phrase:
        return phrase(name, language)
    levers, _, levy = name.partition("-at-")
    labels = [lever_label(lever, language) for lever in levers.split("+")]
    inside = [label if place == 0 else label[:1].lower() + label[1:] for place, label in enumerate(labels)]
    return phrase("true", language, levers=listed(inside, language), levy=levy)


def three(row: Any, language: str) -> dict[str, str]:
    """Mean and interval, kept in bn yuan, as printed, with the decimal places that the interval calls for."""
    factor, _ = shown_unit("bn yuan", language)
    places = places_for(factor * (row["high"] - row["low"]) / 2) if row["high"] > row["low"] else 0
    return {key: fixed(factor * float(row[key]), places, True) for key in ("mean", "low", "high")}


def record(study: Study, scenario: Scenario, baseline: Scenario, model: str, data: Mapping[str, str]) -> dict[str, Any]:
    """What the stored file holds of a search around a design.

    Args:
        study: Of `qipan best`.
        scenario: The design it was around.
        baseline: What comparisons set the design against.
        model: Hash of the sources of the model.
        data: SHA-256 of the tables by name.
    """
    arms, bound = study.tables["arms"].set_index("arm"), study.tables["bound"].set_index("quantity")

    def numbers(row: Any, *names: str) -> dict[str, float]:
        return {name: float(f"{float(row[name]):.6g}") for name in names}

    return {
        "scenario": scenario.name,
        "made": made_of(scenario, baseline, model, data),
        "policies": len(arms),
        "replicates": int(arms["n"].iloc[0]),
        "seed": int(study.facts["seed"]),
        "year": int(study.facts["year"]),
        BOUND: numbers(bound.loc[BOUND], "mean", "low", "high"),
        FIXED: {"arm": str(bound.loc[FIXED, "arm"]), **numbers(bound.loc[FIXED], "mean", "low", "high")},
        DESIGN: numbers(arms.loc[DESIGN], "mean", "low", "high", "share", "share_low", "share_high"),
    }


def quoted(comparison: Comparison, arm: ArmResult, language: str) -> list[str]:
    """The stored figures of the search beside a policy that is the shipped design as it is, against the shipped
    baseline on the shipped tables; then whether they are stale. Nothing beside any other policy.
    """
    told = json.loads(STORED.read_text(encoding="utf-8"))
    now = made_now(comparison, arm, told["scenario"])
    return [] if now is None else [_figures(told, language), *stale(told["made"], now, "stale", language)]


def _figures(told: Mapping[str, Any], language: str) -> str:
    design = told[DESIGN]
    return phrase(
        "quoted",
        language,
        policies=told["policies"],
        fixed=searched_label(told[FIXED]["arm"], language),
        share=percent(design["share"]),
        span=percent_span(design["share_low"], design["share_high"], language),
        n=f"{told['replicates']:,}",
        digest=content_key(dict(told["made"]))[:12],
        **{name: told[name] for name in ("seed", "year")},
        **{
            f"{name}_{key}": text
            for name in (BOUND, FIXED, DESIGN)
            for key, text in three(told[name], language).items()
        },
    )

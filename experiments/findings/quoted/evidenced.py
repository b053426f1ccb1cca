"""What the stored evidence says of a shipped policy: in how many worlds not refuted it helps, what that hangs on, where
it reverses.

`make evidence` computes it and stores its figures next to this file with what they were made of, so that a comparison
of such a policy quotes them and says when they are stale; `compare --over`, `sensitivity` and `flip` compute them anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.quoted.shipped import made_now, stale
from qipan.experiments.findings.sweep import parameter_label
from qipan.experiments.store.parts import content_key
from qipan.experiments.words.labels import Topic, listed, small
from qipan.experiments.words.numbers import fixed, percent

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

STORED = Path(__file__).with_name("evidence.json")
OUTCOMES = ("helps", "untold", "hurts")
LARGE = 0.1
"""Share of the variance, and prior standard deviations moved, from which an assumption is named."""

phrase = Topic("value")


def known_or_how(comparison: Comparison, language: str) -> list[str]:
    """All that the stored evidence says of the policies compared; of others which commands say it. Nothing where none
    differs from the baseline.
    """
    found: list[str] = []
    told = [arm for arm in comparison.policies if worlds(comparison, arm, language)]
    for arm in told:
        found += [*worlds(comparison, arm, language), *grounds(comparison, arm, language)]
    found += [source(told[-1], language)] if told else []
    untold = [arm for arm in comparison.policies if arm not in told and not arm.same_as]
    if untold and comparison.arms[0].scenario.world.data != "game":  # a game has no worlds that facts could refute
        names = listed([small(arm_title(arm, language), language) for arm in untold], language)
        found.append(phrase("evidence_absent", language, policies=names, baseline=comparison.baseline))
    return found


def worlds(comparison: Comparison, arm: ArmResult, language: str) -> list[str]:
    """In how many of the worlds not refuted a policy helps, and beside the last of the policies known those that are
    not compared; then whether that is stale.
    """
    told = _stored()
    mine = told["policies"].get(arm.name)
    now = None if mine is None else made_now(comparison, arm, arm.name)
    if mine is None or now is None:
        return []
    compared = [each.name for each in comparison.policies]
    others = [
        phrase(
            "evidence_other" if each["helps"]["share"] or each["hurts"]["share"] else "evidence_other_untold",
            language,
            policy=small(each["title"][language], language),
            **_counts(each, told),
        )
        for name, each in told["policies"].items()
        if name not in compared
    ]
    comparing = others and arm.name == [name for name in compared if name in told["policies"]][-1]
    said = phrase(
        "evidence_worlds",
        language,
        policy=small(arm_title(arm, language), language),
        worlds=told["worlds"],
        left=percent(told["left"]["left"], places=0),
        low=_count(mine["helps"]["low"], told),
        high=_count(mine["helps"]["high"], told),
        year=told["year"],
        **_counts(mine, told),
    )
    if comparing:
        joined = ("；" if language == "zh" else "; ").join(others)
        said += phrase("evidence_others", language, others=joined)
    return [said, *stale(mine["made"], now, "stale_evidence", language)]


def grounds(comparison: Comparison, arm: ArmResult, language: str) -> list[str]:
    """What a policy's effect on welfare hangs on and where its sign reverses."""
    told = _stored()
    design = told["design"]
    if arm.name != design["scenario"] or made_now(comparison, arm, arm.name) is None:
        return []
    large = [row for row in design["shares"] if row["total"] >= LARGE]
    shares = [
        phrase("evidence_share", language, parameter=_label(row, language), share=percent(row["total"], places=0))
        for row in large
    ]
    quality, policy = design["quality"], small(arm_title(arm, language), language)
    lines = [
        phrase(
            "evidence_hangs",
            language,
            policy=policy,
            list=listed(shares, language),
            count=len(design["shares"]),
            q2=fixed(quality["q2"], 2),
            coverage=percent(quality["coverage"], places=0),
            fresh=int(quality["fresh"]),
        )
    ]
    if "reversal" in design:
        moved = [row for row in design["change"] if abs(row["moved"]) >= LARGE]
        changes = [
            phrase(
                "evidence_change",
                language,
                parameter=_label(row, language),
                **{name: f"{row[name]:.3g}" for name in ("used", "value")},
            )
            for row in moved
        ]
        ends = {key: fixed(design["reversal"][key], 2) for key in ("distance", "low", "high")}
        lines.append(phrase("evidence_flip", language, policy=policy, list=listed(changes, language), **ends))
    else:
        lines.append(phrase("evidence_no_flip", language, policy=policy))
    return lines


def source(arm: ArmResult, language: str) -> str:
    """Where the stored figures stand, and what computes them anew."""
    told = _stored()
    digest = content_key(dict(told["policies"][arm.name]["made"]))[:12]
    return phrase("evidence_quoted", language, policy=arm.name, seed=told["seed"], year=told["year"], digest=digest)


def _stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return found


def _counts(policy: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, int]:
    return {name: _count(policy[name]["share"], told) for name in OUTCOMES}


def _count(share: float, told: Mapping[str, Any]) -> int:
    return round(share * told["worlds"])


def _label(row: Mapping[str, Any], language: str) -> str:
    return small(parameter_label(row["parameter"], language), language)

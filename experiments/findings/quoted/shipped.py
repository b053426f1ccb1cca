"""Whether an arm of a comparison is a shipped scenario as it is, so that stored figures of that scenario may be quoted
beside it; and whether the code, the data or the scenarios have changed since they were made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qipan.experiments.store.parts import content_key
from qipan.experiments.words.labels import Topic, listed

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison
    from qipan.model.scenario import Scenario

BASELINE = "baseline"
KINDS = ("model", "data", "settings")
"""What stored figures are made of; each has a digest beside them."""

phrase = Topic("value")


def made_of(scenario: Scenario, baseline: Scenario, model: str, data: Mapping[str, str]) -> dict[str, str]:
    """Digests of what figures depend on, beside replicates and seed.

    Args:
        scenario: What the figures are of.
        baseline: What it is set against.
        model: Hash of the sources of the model.
        data: SHA-256 of the tables by name.
    """
    settings = [one.digest(replicates=1, seed=1) for one in (scenario, baseline)]
    found = {"model": model, "data": content_key(dict(sorted(data.items()))), "settings": content_key({"of": settings})}
    return {kind: found[kind][:12] for kind in KINDS}


def made_now(comparison: Comparison, arm: ArmResult, name: str) -> dict[str, str] | None:
    """What figures of a shipped scenario would be made of now; None unless the arm is that scenario as it is, set
    against the shipped baseline on the shipped tables.
    """
    from qipan.model.scenario import load_scenario

    pairs = ((arm, name), (comparison.arm(comparison.baseline), BASELINE))
    if (
        arm.role != "policy"
        or any(one.name != usual for one, usual in pairs)
        or comparison.manifest["world"].get("own")
    ):
        return None
    shipped = [load_scenario(usual) for _, usual in pairs]
    if any(
        one.scenario.digest(replicates=1, seed=1) != usual.digest(replicates=1, seed=1)
        for (one, _), usual in zip(pairs, shipped, strict=True)
    ):
        return None
    return made_of(shipped[0], shipped[1], str(comparison.manifest["model"]), comparison.manifest["data"])


def stale(made: Mapping[str, str], now: Mapping[str, str], key: str, language: str) -> list[str]:
    """That stored figures are stale and what changed since, in a sentence; nothing while they are not.

    Args:
        made: What they were made of.
        now: What they would be made of.
        key: The sentence, a phrase of the topic "value" with the blank {changed}.
        language: "en" or "zh".
    """
    changed = [phrase(f"stale_{kind}", language) for kind in KINDS if made[kind] != now[kind]]
    return [phrase(key, language, changed=listed(changed, language))] if changed else []

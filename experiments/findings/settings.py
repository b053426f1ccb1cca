"""The settings of a result: which are not the shipped ones, how a value is printed, what the model leaves out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.assumptions import value_at
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.assumptions import labels
from qipan.experiments.words.labels import Topic, enumerated, say
from qipan.experiments.words.numbers import MINUS
from qipan.experiments.words.statements import stated
from qipan.model.extend.registry import LEVERS
from qipan.model.nature import fit_spread
from qipan.model.parameters.stretches import in_words

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison
    from qipan.model.parameters import Parameter

TOLD_ELSEWHERE = ("run.replicates", "run.seed", "world.tables")
"""In the footer: replicates, seed, own data."""
SHOWN = 4
"""Changed settings that one line names."""

words = Topic("brief")


@dataclass(frozen=True)
class ChangedSetting:
    """One setting that is not as shipped: its path, its value, the shipped (or usual) one, the arms it holds in."""

    path: str
    value: Any
    usual: Any
    arms: tuple[str, ...]
    shipped: bool


def changes(comparison: Comparison) -> list[ChangedSetting]:
    """Return what differs from the shipped scenario of an arm's name, for baseline and policies.

    A scenario that does not ship is a policy of the user's own: its switches are what is asked about, and the other
    settings, where they are not those of the baseline, are held against the usual values of the parameter table.
    """
    found: dict[tuple[str, str, str], ChangedSetting] = {}
    for arm in (arm for arm in comparison.arms if arm.role in ("baseline", "policy")):
        for parameter, value, usual, shipped in _differing(arm, comparison.arm(comparison.baseline)):
            key = (parameter.path, repr(value), repr(usual))
            arms = (*found[key].arms, arm.name) if key in found else (arm.name,)
            found[key] = ChangedSetting(parameter.path, value, usual, arms, shipped)
    return list(found.values())


def _differing(arm: ArmResult, baseline: ArmResult) -> Iterator[tuple[Parameter, Any, Any, bool]]:
    shipped = _shipped(arm.name)
    own = {"policy.coordination.arm", "policy.coordination.information"}
    own |= {f"policy.coordination.{lever}" for lever in LEVERS}
    for parameter in every_parameter():
        if parameter.path in TOLD_ELSEWHERE or (shipped is None and parameter.path in own):
            continue
        value = value_at(arm.scenario, parameter.path)
        usual = parameter.default if shipped is None else value_at(shipped, parameter.path)
        of_baseline = shipped is None and arm is not baseline and value == value_at(baseline.scenario, parameter.path)
        if value != usual and not of_baseline:
            yield parameter, value, usual, shipped is not None


def _shipped(name: str) -> Any:
    """The shipped scenario of this name; None where none has it."""
    from qipan.model.scenario import list_scenarios, load_scenario

    by_arm = {each.replace("/", "-"): each for each in list_scenarios()}
    return load_scenario(by_arm[name]) if name in by_arm else None


def is_shipped(name: str) -> bool:
    """Whether an arm has the name of a shipped scenario."""
    return _shipped(name) is not None


def every_parameter() -> Iterator[Parameter]:
    """Yield every parameter of world, policy and run, in this order."""
    from qipan.model.parameters import Policy, Run, WorldChoice, parameters

    for prefix, section in (("world", WorldChoice), ("policy", Policy), ("run", Run)):
        yield from parameters(section, f"{prefix}.")


def changed_sentence(comparison: Comparison, language: str, most: int | None = None) -> str:
    """Say which settings are not the shipped ones, at most so many of them; "" where all are."""
    found, names = changes(comparison), _names(language)
    told = [arm for arm in comparison.arms if arm.role in ("baseline", "policy")]
    parts = []
    for change in found[:most]:
        key = "changed_one" if change.shipped else "changed_own"
        name, value, usual = names[change.path], *(printed(each, language) for each in (change.value, change.usual))
        text = words(key, language, name=name, value=value, usual=usual)
        if any(value_at(arm.scenario, change.path) != change.value for arm in told):
            titles = enumerated([arm_title(comparison.arm(arm), language) for arm in change.arms], language)
            text = words("changed_arm", language, arm=titles, text=text)
        parts.append(text)
    if len(found) > len(parts):
        parts.append(words("changed_more", language, count=len(found) - len(parts)))
    return words("changed", language, list=("；" if language == "zh" else "; ").join(parts)) if parts else ""


def _names(language: str) -> dict[str, str]:
    """What every setting is called; in Chinese, where it has no name, what its meaning begins with."""
    names = labels(language)
    if language == "zh":
        for row in [row for row in every_parameter() if not row.zh]:
            whole = stated(row.meaning, language).rstrip("。")
            begins, _, rest = whole.partition("：")
            names = names | {row.path: rest if begins.startswith("仅") else begins}
    return names


def printed(value: Any, language: str) -> str:
    """Return the value of a setting as printed."""
    if isinstance(value, bool):
        return say("stated_yes" if value else "stated_no", language)
    if isinstance(value, int | float):
        return f"{value:,g}".replace("-", MINUS) if abs(value) >= 10_000 else f"{value:g}".replace("-", MINUS)
    if value is None:
        return say("no_value", language)
    if isinstance(value, str):
        return value
    varied = isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))
    return in_words(value) if varied else json.dumps(value, ensure_ascii=False)


def not_modelled(comparison: Comparison, language: str) -> list[str]:
    """Return what the scenarios say they leave out, each once, and what no table tells of the world's regions."""
    told = [stated(text, language) for arm in comparison.arms for text in getattr(arm.scenario, "not_modelled", ())]
    return list(dict.fromkeys([*told, *_untold_fit(comparison, language)]))


def _untold_fit(comparison: Comparison, language: str) -> list[str]:
    """Say where fit stands on a coarse rule, since no table counts what the regions have of each sector."""
    world, uncertainty = comparison.world, comparison.arms[0].scenario.world.uncertainty
    if not getattr(world, "fit_coarse", False):
        return []
    cities = all(code.isdigit() for code in world.region_codes)
    key = "not_modelled_fit_cities" if cities else "not_modelled_fit"
    whole, coarse = (f"{value:.2g}" for value in (fit_spread(world, uncertainty), uncertainty.coarse_fit_spread))
    return [say(key, language, whole=whole, coarse=coarse, own=f"{uncertainty.fit_spread:.2g}")]

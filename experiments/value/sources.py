"""The arms behind the value of a yuan: a scenario, and the same with a tenth more money of one source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qipan.model.scenario import Scenario

BASE = "as_it_is"
"""Name of the arm that the others are compared with."""
MORE = 1.1
"""The money of a source is multiplied by this."""


@dataclass(frozen=True)
class MoneySource:
    """Where money comes from.

    Args:
        mechanism: The funding mechanism that spends it, whose label it goes by.
        key: The setting of `policy.funding` that its money is in proportion to.
        public: Whether it is public money.
    """

    mechanism: str
    key: str
    public: bool


SOURCES = (
    MoneySource("government_research", "government_share", True),
    MoneySource("guidance_fund", "guidance_share", True),
    MoneySource("enterprise", "enterprise_share", False),
    MoneySource("venture_capital", "venture_pool", False),
    MoneySource("bank_credit", "loan_to_value", False),
    MoneySource("social_donation", "donation_share", False),
)


def worth_arms(scenario: Scenario) -> dict[str, Scenario]:
    """The scenario and one arm for each source that gives any money, by the name of its mechanism.

    Raises:
        UserError: no source gives any, or a setting would leave what is allowed.
    """
    made, problems = {}, []
    for each in SOURCES:
        try:
            made[each.mechanism] = raised(scenario, each.key, MORE)
        except UserError as error:
            problems += [
                Problem(
                    "command line",
                    one.key,
                    f"{one.message} once it is raised by {MORE - 1:.0%} for the study",
                    one.hint,
                )
                for one in error.problems
            ]
    if problems:
        raise UserError(problems)
    found = {name: arm for name, arm in made.items() if arm.digest() != scenario.digest()}
    if not found:
        hint = "choose a scenario in which a source gives some"
        raise UserError(Problem("command line", "policy.funding", "no source of money gives any", hint))
    return {BASE: scenario, **found}


def raised(scenario: Scenario, key: str, factor: float) -> Scenario:
    """A scenario with a setting of `policy.funding` multiplied throughout: for the nation, for regions with a value of
    their own, and in every entry of the timeline. Values given as a multiple follow by themselves.
    """
    policy, path = scenario.policy, f"funding.{key}"
    given: dict[str, Any] = {f"policy.{path}": _times(getattr(policy.funding, key), factor)}
    regions = {name: _in_group(groups, key, factor) for name, groups in policy.regions.items()}
    timeline = [_in_entry(entry, path, factor) for entry in policy.timeline]
    given |= {"policy.regions": regions} if regions != policy.regions else {}
    given |= {"policy.timeline": timeline} if timeline != policy.timeline else {}
    return scenario.replace(**given)


def _times(value: Any, factor: float) -> Any:
    """A number multiplied; a multiple ("x2") or nothing as it is."""
    return value * factor if isinstance(value, int | float) and not isinstance(value, bool) else value


def _in_group(groups: Mapping[str, Any], key: str, factor: float) -> dict[str, Any]:
    found = dict(groups)
    if key in found.get("funding", {}):
        found["funding"] = {**found["funding"], key: _times(found["funding"][key], factor)}
    return found


def _in_entry(entry: Mapping[str, Any], path: str, factor: float) -> dict[str, Any]:
    found = {name: _times(value, factor) if name == path else value for name, value in entry.items()}
    if "regions" in found:
        found["regions"] = {name: _in_entry(own, path, factor) for name, own in found["regions"].items()}
    return found

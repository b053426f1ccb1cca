"""Rules of behaviour: how a region turns its outlook into a decision. One final class a rule, interchangeable.

All weights nest to zero: with zero weights and zero noise each rule is the plain best response to what it looks at.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar, final

import numpy as np

from qipan.model.axes import Element
from qipan.model.behaviour.outlook import Decision, Outlook, decision
from qipan.model.extend.answers import Asked, answers, numbers
from qipan.model.extend.registry import RULES
from qipan.model.kernels import total_over_sectors
from qipan.model.parameters import Behaviour
from qipan.model.parameters.adding import with_parameters
from qipan.model.payoffs import Payoff
from qipan.model.region import behavioural_terms, chosen_layout, kept_while_waiting, permitted, split


def _utility(who: str, given: Any, asked: "Rule", outlook: Outlook) -> Element:
    return numbers(who, "the utility", given, np.shape(outlook.belief))


class Rule(Asked, ABC):
    """A rule of behaviour over one region's outlook (or many, stacked)."""

    name: ClassVar[str]
    label: ClassVar[str]
    label_zh: ClassVar[str]

    def __init__(self, behaviour: Behaviour, payoff: Payoff) -> None:
        self.behaviour = behaviour
        self.payoff = payoff

    @property
    def waiting(self) -> float:
        """Utility of leaving a sector out."""
        return self.payoff.waiting

    @answers(_utility)
    @abstractmethod
    def attraction(self, outlook: Outlook) -> Element:
        """What draws the region to a sector before habit, peers and the coordinator's word, in utility."""

    @answers(_utility)
    def utility(self, outlook: Outlook) -> Element:
        """Attraction plus the behavioural terms, (..., sector)."""
        weights, word = self.behaviour, outlook.mandate
        return self.attraction(outlook) + behavioural_terms(
            peer_share=outlook.peer_share,
            quick=outlook.quick,
            key_area=outlook.key_area,
            pilot=outlook.pilot,
            outside=outlook.outside,
            incumbent=outlook.incumbent,
            variance=outlook.variance,
            imitation=weights.imitation,
            tournament=weights.tournament,
            list_weight=word.list_weight,
            pilot_weight=word.pilot_weight,
            layout_weight=word.layout_weight,
            switching_cost=weights.switching_cost,
            risk_aversion=weights.risk_aversion,
        )

    @answers(decision)
    def decide(self, outlook: Outlook) -> Decision:
        """Choose a layout and split the money over it."""
        weights = self.behaviour
        utility = self.utility(outlook)
        free = permitted(utility, outlook.barred)
        layout = chosen_layout(free, outlook.breadth, weights.temperature, outlook.gumbel, self.waiting)
        fresh = split(utility, layout, weights.split_temperature)
        chosen = total_over_sectors(layout, keepdims=True)
        return Decision(layout=layout, portfolio=kept_while_waiting(fresh, chosen, outlook.portfolio))


Kind = TypeVar("Kind", bound=type[Rule])


def rule(kind: Kind) -> Kind:
    """Add a rule of behaviour: a class with `name`, `label` and `label_zh`, chosen by `world.behaviour.rule: NAME`. Its
    `parameters`, if it has some, become keys of that section.

    Raises:
        RegistryError: A rule of this name exists, or something it must say is missing.
    """
    return with_parameters(RULES, kind, Rule)


@rule
@final
class Logit(Rule):
    """Random utility on the perceived payoff against last year's rivals (or those foreseen)."""

    name, label, label_zh = "logit", "Logit choice", "随机效用选择"

    def attraction(self, outlook: Outlook) -> Element:
        """The perceived payoff of joining the rivals."""
        return self.payoff.perceived(outlook.belief, outlook.log_fit, outlook.rivals + 1.0)


@rule
@final
class FictitiousPlay(Rule):
    """Random utility against the average of what rivals did in all years so far (Brown 1951)."""

    name, label, label_zh = "fictitious_play", "Fictitious play", "虚拟博弈"

    def attraction(self, outlook: Outlook) -> Element:
        """The perceived payoff of joining the average rivals."""
        return self.payoff.perceived(outlook.belief, outlook.log_fit, outlook.rivals_average + 1.0)


@rule
@final
class Imitation(Rule):
    """Copy success: what same-tier peers earn in a sector counts, not what the region itself believes of it."""

    name, label, label_zh = "imitation", "Imitation of success", "模仿成功者"

    @property
    def waiting(self) -> float:
        """The outside option alone: a region that copies does not reckon what it would sell itself against its cost."""
        return self.behaviour.outside_option

    def attraction(self, outlook: Outlook) -> Element:
        """Payoff of peers in the sector last year."""
        return outlook.peer_success

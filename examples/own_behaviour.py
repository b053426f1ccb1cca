"""A payoff form, a rule of behaviour and an order of revision of one's own.

qipan --plugin examples/own_behaviour.py run baseline --set world.behaviour.payoff=root \
        --set world.behaviour.rule=cautious --set world.behaviour.revision=every_other_year
"""

from collections.abc import Iterator

from qipan.model.axes import Array, Element
from qipan.model.behaviour.choice import Rule, rule
from qipan.model.behaviour.outlook import Outlook
from qipan.model.behaviour.revision import Revision, Turn, revision
from qipan.model.draws import Draws
from qipan.model.element import exp, larger, log, power
from qipan.model.payoffs import Payoff, payoff


@payoff
class RootSharing(Payoff):
    """pi = V A^a / sqrt(n): rivals share demand, but less than in proportion."""

    name, label, label_zh = "root", "Root sharing", "平方根分享"

    def perceived(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """Log points."""
        return worth + self.behaviour.fit_weight * log_fit - 0.5 * log(larger(count, 1.0))

    def realised(self, worth: Element, log_fit: Element, count: Element) -> Element:
        """bn yuan a year."""
        return exp(self.perceived(worth, log_fit, count))

    def marginal(self, worth: Element, count: Element) -> Element:
        """V (sqrt(n) - sqrt(n - 1)): what the n-th region adds to the total V sqrt(n)."""
        n = larger(count, 1.0)
        return exp(worth) * (power(n, 0.5) - power(n - 1.0, 0.5))


@rule
class Cautious(Rule):
    """A region that trusts half of what it believes and half of what peers earn."""

    name, label, label_zh = "cautious", "Cautious", "审慎"

    def attraction(self, outlook: Outlook) -> Element:
        """The mean of the perceived payoff and of what peers earned."""
        own = self.payoff.perceived(outlook.belief, outlook.log_fit, outlook.rivals + 1.0)
        return 0.5 * own + 0.5 * outlook.peer_success


@revision
class EveryOtherYear(Revision):
    """All regions with a document revise in even years."""

    name, label, label_zh = "every_other_year", "Every other year", "隔年修订"

    def turns(self, year: int, adopted: Array, newly: Array, draws: Draws) -> Iterator[Turn]:
        """In odd years only regions whose document is new."""
        yield Turn(round=0, revises=adopted if year % 2 == 0 else newly)

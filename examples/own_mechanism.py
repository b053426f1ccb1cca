"""A seventh source of money: pension funds, which follow GDP and want a safe return in the industrial stage.

qipan --plugin examples/own_mechanism.py run baseline --set policy.funding.pension_share=0.001
"""

from typing import ClassVar

from qipan.model.axes import Array, by_region
from qipan.model.funding.means import Means, appetite
from qipan.model.funding.mechanisms import Mechanism, mechanism
from qipan.model.parameters import parameter


@mechanism
class PensionFunds(Mechanism):
    """Pension funds: a share of GDP, as far as the expected return clears their hurdle."""

    name, label, label_zh = "pension_funds", "Pension funds", "养老基金"
    stages = (0.0, 0.2, 0.8)
    parameters: ClassVar = {
        "pension_share": (
            float,
            parameter(
                0.0005,
                "Pension money for future industries, as a share of GDP.",
                plausible=(0.0, 0.002),
                allowed=(0.0, 1.0),
                zh="养老基金占比",
            ),
        ),
    }

    def offer(self, means: Means) -> Array:
        """Nothing below the hurdle of 3%."""
        pool = means.funding.pension_share * means.growth * means.world.gdp
        offered: Array = by_region(pool) * means.portfolio * appetite(means.return_rate, 0.03, 0.01)
        return offered

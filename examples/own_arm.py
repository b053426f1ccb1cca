"""An arm: the levy goes to one region-blind list, the sectors that fewest regions are in, without any estimate.

qipan --plugin examples/own_arm.py run national-design --set policy.coordination.arm=contrarian
"""

from qipan.model.coordination.arms import Design, arm
from qipan.model.coordination.assignment import best_sectors
from qipan.model.coordination.mandate import Plan
from qipan.model.coordination.view import View


@arm
class Contrarian(Design):
    """A coordinator that looks at crowds alone."""

    name, label, label_zh = "contrarian", "Contrarian", "逆向统筹"

    def redrafted(self, years_since_start: int, view: View, draft: Plan) -> Plan:
        """The levers' lists, with the emptiest sectors in the place of the best ones."""
        written = super().redrafted(years_since_start, view, draft)
        if not self.plans(years_since_start):
            return written
        return written._replace(key_areas=best_sectors(-view.count, view.list_length))

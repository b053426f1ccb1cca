"""A coordinator of one's own: it sees what the scenario's sees, and lists the sectors with the fewest regions."""

from qipan import CoordinatorAgent, PolicyModel
from qipan.model.coordination.assignment import best_sectors
from qipan.model.coordination.mandate import Plan
from qipan.model.coordination.view import View


class Leveller(CoordinatorAgent):
    """Fills gaps instead of backing winners."""

    def draft(self, view: View) -> Plan:
        """The scenario's plan with another list of key areas."""
        return super().draft(view)._replace(key_areas=best_sectors(-view.count, view.list_length))


own, usual = (PolicyModel("national-design", seed=1, coordinator=each) for each in (Leveller, True))
for model in (own, usual):
    while model.running:
        model.step()
print(f"Output in {own.year}: {own.output:.0f} bn yuan, with the design's own lists {usual.output:.0f}")

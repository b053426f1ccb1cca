"""The one table of parameters: name, unit, default, plausible range, grade and source.

Every number a scenario may set is declared here once, as a field of a section. The loader, the editor schema, the
documentation, the assumptions list of a report and the ranges of a sensitivity study are all generated from it.

Two ranges are kept apart. `allowed` is what the equations can bear: outside it a scenario is refused. `plausible` is
what
a reader would believe for China in the 2020s: sensitivity studies sample it. Every behavioural weight has zero inside
both.

Grades: `measured` (a published statistic), `literature` (an estimate in a cited study), `assumed` (a prior without a
public source: it says so), `choice` (a setting of the policy or the experiment, not a claim about the world).
"""

from qipan.model.parameters.behaviour import Behaviour, Governance
from qipan.model.parameters.coordination import Coordination
from qipan.model.parameters.declare import Parameter, Section, parameter, parameters
from qipan.model.parameters.economy import Technology, Uncertainty
from qipan.model.parameters.funding import Funding
from qipan.model.parameters.market import Market
from qipan.model.parameters.scenario import Policy, Run, WorldChoice

__all__ = [
    "Behaviour",
    "Coordination",
    "Funding",
    "Governance",
    "Market",
    "Parameter",
    "Policy",
    "Run",
    "Section",
    "Technology",
    "Uncertainty",
    "WorldChoice",
    "parameter",
    "parameters",
]

"""One year of the model, in the order of the paper. This list is the model: nothing else happens, and nothing else is
here.
"""

from qipan.model.case import Case
from qipan.model.moment import Ask, Moment
from qipan.model.phases.deciding import adopt, believe, choose, coordinate
from qipan.model.phases.investing import fund, progress, spread
from qipan.model.phases.selling import clear, record, repay
from qipan.model.state import State

YEAR = (
    adopt,  # 1  regions issue future-industry documents
    coordinate,  # 2  the coordinator observes, revises its plan in plan years, publishes
    believe,  # 3  regions form beliefs from their signals, each other and the coordinator's word
    choose,  # 4  regions choose layouts and split their money
    fund,  # 5  each mechanism makes its offers
    progress,  # 6  projects start, mature, succeed or fail; money and projects wait for each other
    spread,  # 7  knowledge spreads; breakthroughs may happen
    clear,  # 8  demand grows, markets clear, idle capacity depresses price
    repay,  # 9  money comes back, or does not
    record,  # 10 measures are taken
)


def advance(case: Case, state: State, year: int, ask: Ask) -> Moment:
    """Take the stocks through one year.

    All regions see last year's public information; `ask` answers for them.

    Args:
        case: The block: scenario, world, draws, objects.
        state: Stocks at the end of last year; they are replaced one by one, never written into.
        year: Calendar year.
        ask: Takes an outlook and the turn it belongs to, gives the decisions of the rows that decide.

    Returns:
        The year with its stocks at the end and its flows.
    """
    case = case.in_year(year)
    now = Moment(case=case, year=year, state=state, ask=ask)
    for phase in case.executor.year(YEAR, case):
        phase(now)
    return now

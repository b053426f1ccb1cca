"""The stocks that change from year to year; one field is one stock. Everything else is a flow and lives one year."""

from dataclasses import dataclass, fields, replace

from model.axes import Array


@dataclass(eq=False)
class State:
    """Stocks at the end of a year, one array each, replicate first (assumption A13).

    Attributes:
        adopted: 1 where the region has a future-industry document, (n, region).
        belief: Expected log value of a sector, (n, region, sector).
        variance: Variance of that belief, (n, region, sector).
        layout: 1 where the sector is in the region's layout, (n, region, sector).
        past_layout: Mean of the layouts of all years so far (fictitious play), (n, region, sector).
        portfolio: Shares of the region's money by sector, rows sum to one, (n, region, sector).
        log_fit: Log of the region's know-how in the sector, (n, region, sector).
        ecosystem: Log fit that ecosystem money has added, (n, region, sector).
        waiting: Projects that wait for money, (n, stage, region, sector).
        in_progress: Projects under way, (n, stage, region, sector).
        balance: Unused public money kept for the same pair and stage, (n, stage, region, sector), bn yuan.
        capacity: Yearly output capacity before know-how, (n, region, sector), bn yuan a year.
        cumulative: Capacity ever built in the nation, (n, sector), bn yuan a year.
        cohort_loans: Loans on industrial projects not yet complete, (n, region, sector), bn yuan.
        performing: Loans being repaid, (n, region, sector), bn yuan.
        arrears: Non-performing loans, cumulative, (n, region, sector), bn yuan.
        at_work: Money in projects under way, by mechanism, (n, mechanism, stage, sector), bn yuan.
        invested: Money in productive capacity by mechanism, (n, mechanism, sector), bn yuan.
        breakthrough: 1 after the national breakthrough, (n, sector).
        foreign: 1 after foreign competitors broke through, (n, sector).
        demand: Quantity the nation would buy at the base price, (n, sector), bn yuan a year.
        utilisation: Share of capacity in use, (n, sector).
        price: Price relative to the base, (n, sector).
        key_areas: 1 where the sector is on the national list in force, (n, sector).
        pilots: 1 where the pair is a national pilot zone, (n, region, sector).
        assigned: 1 where the regional layout in force assigns the sector, (n, region, sector).
        planner_count: Regions per sector that look efficient to the coordinator, (n, sector).
        drafted_key_areas, drafted_pilots, drafted_assigned: The same in the plan drafted, not yet published.
    """

    adopted: Array
    belief: Array
    variance: Array
    layout: Array
    past_layout: Array
    portfolio: Array
    log_fit: Array
    ecosystem: Array
    waiting: Array
    in_progress: Array
    balance: Array
    capacity: Array
    cumulative: Array
    cohort_loans: Array
    performing: Array
    arrears: Array
    at_work: Array
    invested: Array
    breakthrough: Array
    foreign: Array
    demand: Array
    utilisation: Array
    price: Array
    key_areas: Array
    pilots: Array
    assigned: Array
    planner_count: Array
    drafted_key_areas: Array
    drafted_pilots: Array
    drafted_assigned: Array

    def renewed(self) -> "State":
        """A state whose stocks can be replaced one by one without changing this one; the arrays are the same."""
        return replace(self)

    def copy(self) -> "State":
        """A state that shares no array with this one."""
        return State(**{field.name: getattr(self, field.name).copy("K") for field in fields(self)})

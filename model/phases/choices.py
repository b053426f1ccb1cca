"""Phase 4: layouts, and how regions split their money over them."""

from model.axes import Array, Element, by_region, by_sector
from model.kernels import mean_over_regions, total_over_regions
from model.lift import cell
from model.moment import Moment
from model.nation import expected_rivals
from model.outlook import News, Outlook
from model.peers import share_of_peers
from model.region import perceived_variance, running_mean, success_of_peers
from model.revision import Turn


@cell("rkn rkn -> rkn")
def remembered(past: Element, layout: Element, *, years: float) -> Element:
    """Mean of the layouts of so many years, this one included."""
    return running_mean(past, layout, years)


def choose(now: Moment) -> None:
    """4. Regions choose layouts and split their money, in one or more turns; those without a document spread theirs."""
    case, state = now.case, now.state
    news = _public_news(now)
    state.layout, state.portfolio = state.layout.copy("K"), state.portfolio.copy("K")
    for turn in case.revision.turns(now.year, state.adopted, now.flows["newly"], case.draws):
        decision = now.ask(_outlook(now, turn, news), turn)
        news.count = turn.counted(news.count, state.layout, decision.layout)
        state.layout = turn.put(state.layout, decision.layout)
        state.portfolio = turn.put(state.portfolio, decision.portfolio)
    remember(now)


def remember(now: Moment) -> None:
    """The mean of all layouts so far, with this year's."""
    state = now.state
    state.past_layout = now.run(remembered, state.past_layout, state.layout, years=now.years_since_start + 2.0)


def _public_news(now: Moment) -> News:
    """What last year showed, before anybody revises."""
    case, state = now.case, now.state
    count = total_over_regions(state.layout)
    peer_share = share_of_peers(state.layout, case.world)
    earned = case.payoff.earned(by_sector(case.nature.worth), by_sector(state.demand), state.log_fit, by_sector(count))
    return News(
        count=count,
        average=total_over_regions(state.past_layout),
        mean_worth=mean_over_regions(state.belief),
        incumbent=state.layout,
        peer_share=peer_share,
        peer_success=success_of_peers(earned, peer_share),
    )


def _outlook(now: Moment, turn: Turn, news: News) -> Outlook:
    """What the regions of a turn may look at."""
    case, state, take = now.case, now.state, turn.take
    return Outlook(
        belief=take(state.belief),
        variance=perceived_variance(take(state.variance), case.world.readiness),
        log_fit=take(state.log_fit),
        rivals=_rivals(now, turn, news),
        rivals_average=by_sector(news.average) - take(state.past_layout),
        peer_share=take(news.peer_share),
        peer_success=take(news.peer_success),
        key_area=take(case.spread_over_regions(state.key_areas)),
        pilot=take(state.pilots),
        outside=take(1.0 - state.assigned),
        incumbent=take(news.incumbent),
        portfolio=take(state.portfolio),
        breadth=take(by_region(case.breadth)),
        quick=case.quick,
        gumbel=turn.gumbel(case.draws, now.year),
        mandate=now.mandate,
    )


def _rivals(now: Moment, turn: Turn, news: News) -> Array:
    """Other regions that those of a turn expect in each sector."""
    case = now.case
    return expected_rivals(
        previous=by_sector(news.count) - turn.take(now.state.layout),
        mean_worth=news.mean_worth,
        slots=float(case.world.breadth.sum()),
        breadth=turn.take(by_region(case.breadth)),
        temperature=case.behaviour.temperature,
        foresight=case.behaviour.foresight,
    )

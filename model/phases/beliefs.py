"""Phase 3: what regions believe of a sector."""

from typing import NamedTuple

from model.axes import Array, Element
from model.draws import Stream
from model.element import sqrt, where
from model.lift import cell
from model.moment import Moment
from model.region import blended, gain, signal, unseen_share, updated_belief, updated_variance


class Heard(NamedTuple):
    """Beliefs after a region's own signals, their variance, and beliefs summed over regions."""

    belief: Element
    variance: Element
    total: Element


@cell("rkn rkn rkn rkn kn kn kn kn -> rkn rkn kn")
def heard(
    belief: Element,
    variance: Element,
    noise: Element,
    bias: Element,
    worth: Element,
    unseen: Element,
    common: Element,
    declared: Element,
    *,
    definition: float,
    private_error: float,
    common_error: float,
    expertise: float,
    face_value: float,
) -> Heard:
    """A region's own signal moves its belief: by Bayes, as if errors were independent, or at face value."""
    error = common + blended(bias, definition, declared)
    spread = private_error / sqrt(expertise)
    news = signal(worth, error, unseen, spread, noise)
    weight = gain(variance, private_error * private_error / expertise + common_error * common_error)
    weight = where(face_value > 0.0, 1.0, weight)
    after = updated_belief(belief, weight, news)
    return Heard(after, updated_variance(variance, weight), after)


@cell("rkn kn kn -> rkn")
def told(belief: Element, public: Element, word: Element, *, pooling: float, information_weight: float) -> Element:
    """A belief mixed with what regions believe on average, then with the coordinator's word."""
    return blended(blended(belief, 0.3 * pooling, public), information_weight, word)


def believe(now: Moment) -> None:
    """3. Regions update on their own signals, on each other, and on the coordinator's word."""
    case, state = now.case, now.state
    found = now.run(
        heard,
        state.belief,
        state.variance,
        case.draws.normal(Stream.PRIVATE_SIGNAL, year=now.year),
        case.nature.definition_bias,
        case.nature.worth,
        unseen_share(state.demand, case.nature_value),
        _common_error(now),
        case.coordinator.declared_bias(case.uncertainty.definition_gap, case.draws),
        definition=now.mandate.definition,
        face_value=float(case.uncertainty.region_prior == "flat"),
    )
    state.variance = found.variance
    public, word = found.total / case.world.size.size, now.flows["estimate"]
    state.belief = now.run(told, found.belief, public, word, information_weight=now.mandate.information_weight)


def _common_error(now: Moment) -> Array:
    """Error in common, and that of the official definition as far as it holds, (n, sector)."""
    mandate = now.mandate
    official = mandate.official_error * now.case.draws.normal(Stream.OFFICIAL_ERROR, over="k")
    return now.case.nature.common_error + mandate.definition * official

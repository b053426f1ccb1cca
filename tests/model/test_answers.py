"""Classes of one's own: an answer that cannot be used ends the run where it enters, in one sentence."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from qipan import PolicyModel, RegionAgent, UserError, run
from qipan.model.behaviour.choice import Rule
from qipan.model.behaviour.outlook import Decision
from qipan.model.behaviour.revision import Revision, Turn
from qipan.model.coordination.arms import Coordinator, NationalDesign, NoCoordinator, arm
from qipan.model.coordination.levers import Lever
from qipan.model.coordination.mandate import Mandate, Plan
from qipan.model.extend.answers import AnswerError
from qipan.model.extend.registry import ARMS, LEVERS, MEASURES, MECHANISMS, PAYOFFS, REVISIONS, RULES, RegistryError
from qipan.model.funding.mechanisms import Mechanism
from qipan.model.measures import compute, measure
from qipan.model.payoffs import Payoff
from tests.laws.cases import small

SPREAD = np.array([0.5, 0.5, 0.0, 0.0, 0.0])
ONE = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
TWO = np.array([1.0, 1.0, 0.0, 0.0, 0.0])


def stands_in(monkeypatch, registry, name, item):
    """For one test, another class under a name that ships."""
    assert name in registry
    monkeypatch.setitem(registry._items, name, item)


def sentence(error):
    """The one line of an error, which is all a user reads."""
    text = str(error.value)
    assert isinstance(error.value, UserError) and "\n" not in text
    assert str(pickle.loads(pickle.dumps(error.value))) == text
    return text


DECISIONS = {
    "sums to 10": (TWO, 10.0 * SPREAD, "the portfolio sums to 10; shares sum to 1"),
    "sums to a half": (TWO, 0.5 * SPREAD, "the portfolio sums to 0.5; shares sum to 1"),
    "nothing spent": (ONE, 0.0 * SPREAD, "the portfolio sums to 0; shares sum to 1"),
    "outside": (ONE, SPREAD, "the portfolio puts 0.5 outside the layout; money goes to sectors of the layout alone"),
    "negative": (TWO, np.array([1.5, -0.5, 0, 0, 0]), "portfolio holds -0.5; numbers from 0 on"),
    "not a number": (TWO, np.full(5, np.nan), "portfolio holds nan; numbers from 0 on"),
    "infinite": (ONE, np.array([np.inf, 0, 0, 0, 0]), "portfolio holds inf; numbers from 0 on"),
    "layout not a number": (np.full(5, np.nan), SPREAD, "layout holds nan; numbers, finite"),
    "half in": (0.5 * TWO, SPREAD, "layout holds 0.5; 0 or 1 is wanted"),
    "minus one": (-ONE, SPREAD, "layout holds -1; 0 or 1 is wanted"),
    "too broad": (np.ones(5), np.full(5, 0.2), "the layout has 5 sectors; at most"),
    "too short": (TWO[:4], SPREAD[:4], "layout has the shape (4,); (5,) is wanted"),
    "another axis": (TWO[None], SPREAD[None], "layout has the shape (1, 5); (5,) is wanted"),
    "one number": (1.0, 1.0, "layout has the shape (); (5,) is wanted"),
    "text": ("science", SPREAD, "layout is 'science'; an array of numbers of the shape (5,) is wanted"),
    "texts": (TWO, np.array(["a"] * 5), "an array of numbers of the shape (5,) is wanted"),
    "complex": (TWO, SPREAD * 1j, "an array of numbers of the shape (5,) is wanted"),
    "objects": (TWO, np.array([None] * 5), "an array of numbers of the shape (5,) is wanted"),
    "ragged": (TWO, [[1.0], 2.0], "an array of numbers of the shape (5,) is wanted"),
    "nothing in them": (None, None, "layout is None; an array of numbers of the shape (5,) is wanted"),
}


def region_that(answer):
    """A class of which the region in row 4 answers so from its second year on."""

    class Mine(RegionAgent):
        def decide(self, outlook):
            return answer if self.index == 4 and self.model.year > 2023 else super().decide(outlook)

    return Mine


def stepped(years=2, **given):
    model = PolicyModel(small(years=years, **{"world.early_adopters": "all"}), replicate=0, **given)
    for _ in range(years):
        model.step()
    return model


@pytest.mark.parametrize("name", list(DECISIONS))
def test_a_decision_that_cannot_be_carried_out_is_named(name):
    layout, portfolio, said = DECISIONS[name]
    with pytest.raises(AnswerError) as error:
        stepped(region_class=region_that(Decision(layout, portfolio)))
    text = sentence(error)
    assert text.startswith("Mine.decide: Synthetic region 5, ") and ", 2024: " in text
    assert said in text


@pytest.mark.parametrize("answer", [None, 3, (ONE, ONE), {"layout": ONE}])
def test_what_is_no_decision_is_named(answer):
    with pytest.raises(AnswerError) as error:
        stepped(region_class=region_that(answer))
    assert "Decision(layout=..., portfolio=...) is wanted" in sentence(error)


@pytest.mark.parametrize(
    "layout",
    [TWO.astype(bool), TWO.astype(int), TWO.tolist(), TWO.astype(np.float32)],
    ids=["bool", "int", "list", "32"],
)
def test_other_kinds_of_numbers_are_taken(layout):
    model = stepped(region_class=region_that(Decision(layout, SPREAD)))
    assert model.regions[4].layout.tolist() == TWO.tolist()
    assert model.state.layout.dtype == np.float64


def test_a_region_may_wait_and_keep_what_it_had():
    class Waiting(RegionAgent):
        def decide(self, outlook):
            return Decision(0.0 * outlook.belief, outlook.portfolio)

    model = stepped(region_class=Waiting)
    assert model.state.layout.sum() == 0.0
    np.testing.assert_allclose(model.state.portfolio.sum(axis=-1), 1.0, rtol=1e-12)


def test_a_region_cannot_write_into_what_it_looks_at():
    class Writing(RegionAgent):
        def decide(self, outlook):
            outlook.portfolio[:] = 0.0
            return super().decide(outlook)

    with pytest.raises(ValueError, match="read-only"):
        stepped(region_class=Writing)
    model = stepped()
    with pytest.raises(ValueError, match="read-only"):
        model.regions[0].layout[0] = 1.0


def test_the_way_through_the_model_is_not_part_of_the_error():
    """The traceback ends in the step that was asked for."""
    with pytest.raises(AnswerError) as error:
        stepped(region_class=region_that(None))
    assert [entry.name for entry in error.traceback][-1] == "step"
    assert error.value.__cause__ is None and error.value.__suppress_context__


def answered_once(base, method, answer):
    """A class derived from `base` whose `method` answers so."""

    def answering(self, *asked, **named):
        return answer(self, *asked, **named) if callable(answer) else answer

    return type("Mine", (base,), {method: answering})


@pytest.mark.parametrize(
    ("method", "answer", "said"),
    [
        ("attraction", lambda self, outlook: np.nan * outlook.belief, "the utility holds nan; numbers, finite"),
        ("attraction", None, "the utility is None"),
        ("utility", lambda self, outlook: outlook.belief[0], "the utility has the shape (9, 5); (2, 9, 5) is wanted"),
        ("decide", None, "the decision is None"),
        ("decide", lambda self, outlook: Decision(outlook.incumbent, 2.0 * outlook.portfolio), "the portfolio"),
        ("decide", lambda self, outlook: Decision(outlook.belief[0], outlook.portfolio), "layout has the shape (9, 5)"),
    ],
)
def test_a_rule_of_behaviour_is_held_to_the_same(monkeypatch, method, answer, said):
    base = type("Base", (Rule,), {"attraction": lambda self, outlook: outlook.belief})
    stands_in(monkeypatch, RULES, "logit", answered_once(base, method, answer))
    with pytest.raises(AnswerError) as error:
        run(small(years=2), replicates=range(2))
    assert sentence(error).startswith(f"Mine.{method}: ") and said in sentence(error)
    assert "2023" in sentence(error)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "the offer is None; an array of numbers of the shape (2, 9, 5) is wanted"),
        (lambda self, means: -means.portfolio, "; numbers from 0 on"),
        (lambda self, means: np.full_like(means.portfolio, np.inf), "the offer holds inf"),
        (lambda self, means: means.portfolio[0], "the offer has the shape (9, 5); (2, 9, 5) is wanted"),
        (lambda self, means: 1.0, "the offer has the shape (); (2, 9, 5) is wanted"),
    ],
)
@pytest.mark.parametrize("name", ["government_research", "social_donation"])
def test_an_offer_is_checked_where_it_is_made(monkeypatch, name, answer, said):
    stands_in(monkeypatch, MECHANISMS, name, answered_once(Mechanism, "offer", answer)())
    with pytest.raises(AnswerError) as error:
        run(small(years=2), replicates=range(2))
    assert sentence(error).startswith("Mine.offer: ") and said in sentence(error)
    assert "2023" in sentence(error)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "the mandate is None"),
        (Mandate(levy=np.nan), "levy is nan; a number from 0 to 1"),
        (Mandate(levy=2.0), "levy is 2.0; a number from 0 to 1"),
        (Mandate(levy="much"), "levy is 'much'; a number from 0 to 1"),
        (Mandate(cut=-0.1), "cut is -0.1; a number from 0 to 1"),
        (Mandate(information_weight=1.5), "information_weight is 1.5; a number from 0 to 1"),
        (Mandate(list_weight=np.inf), "list_weight is inf; a number, finite"),
        (Mandate(levy=0.1, burned=0.2), "0.2 of the pools is spent; no more than the levy, 0.1"),
        (Mandate(levy=0.1, money={"key_areas": 0.2}), "0.2 of the pools is spent; no more than the levy, 0.1"),
        (Mandate(levy=0.9, burned=0.9, cut=0.5), "1.4 of the pools is kept from the regions; no more than 1"),
        (Mandate(levy=0.2, money={"railways": 0.1}), "money for 'railways'; its levers are shared_definition, "),
        (Mandate(levy=0.2, money={"key_areas": np.nan}), "money for key_areas is nan; a number from 0 to 1"),
        (Mandate(money=None), "money is None; a dictionary from lever to share is wanted"),
    ],
)
def test_a_mandate_is_checked_year_by_year(monkeypatch, answer, said):
    stands_in(monkeypatch, ARMS, "design", answered_once(Spender, "mandate", answer))
    with pytest.raises(AnswerError) as error:
        run(small(years=2), replicates=range(2))
    text = sentence(error)
    assert text.startswith("Mine.mandate: 2023: ") and said in text


class Spender(NationalDesign.__mro__[1]):
    """A design that is nobody's."""


def plan_with(**lists):
    """Answers the draft as it is but for some lists."""
    return lambda self, since, view, draft: draft._replace(**lists)


@pytest.mark.parametrize(
    ("method", "answer", "said"),
    [
        ("redrafted", None, "the plan is None; Plan(key_areas, pilots, assigned, barred) is wanted"),
        ("redrafted", plan_with(key_areas=np.ones(5)), "key_areas has the shape (5,); (2, 5) is wanted"),
        ("redrafted", plan_with(pilots=np.full((2, 9, 5), 0.5)), "pilots holds 0.5; 0 or 1 is wanted"),
        ("redrafted", plan_with(assigned=np.full((2, 9, 5), np.nan)), "assigned holds nan"),
        ("published", lambda self, since, draft, plan: draft._replace(pilots=None), "pilots is None"),
        ("observe", None, "the view is None"),
        (
            "observe",
            lambda self, view, *_: replace(view, estimate=np.nan * view.estimate),
            "estimate holds nan",
        ),
        ("observe", lambda self, view, *_: replace(view, count=view.count[0]), "count has the shape (5,)"),
        ("observe", lambda self, view, *_: replace(view, size=-view.size), "size holds -"),
        ("reliability", 2.0, "the reliability is 2.0; a number from 0 to 1"),
        ("declared_bias", np.full((1, 5), np.inf), "the bias holds inf"),
        ("declared_bias", 0.3, "the bias has the shape ()"),
        ("recounted", lambda self, since, view, count: -1.0 - count, "the count holds -1"),
    ],
)
def test_a_plan_and_what_leads_to_it_is_checked(monkeypatch, method, answer, said):
    stands_in(monkeypatch, ARMS, "design", answered_once(Spender, method, answer))
    with pytest.raises(AnswerError) as error:
        run(small(years=2), replicates=range(2))
    assert sentence(error).startswith(f"Mine.{method}: ") and said in sentence(error)


@pytest.mark.parametrize(
    ("method", "answer", "said"),
    [
        ("powers", None, "the powers is None"),
        ("powers", {"list_weigth": 1.0}, "the power 'list_weigth'; known are levy, "),
        ("powers", {"list_weight": np.nan}, "list_weight is nan"),
        ("drafted", None, "the lists is None"),
        ("drafted", {"key_area": np.ones((2, 5))}, "the list 'key_area'; a plan has key_areas, pilots, assigned"),
        ("drafted", {"key_areas": np.full((2, 5), 2.0)}, "key_areas holds 2; 0 or 1 is wanted"),
        ("drafted", {"pilots": np.ones((9, 5))}, "pilots has the shape (9, 5); (2, 9, 5) is wanted"),
        ("recipients", lambda self, plan, portfolio, size: -portfolio, "the weights holds -"),
        ("recipients", lambda self, plan, portfolio, size: size, "the weights has the shape (9,); (2, 9, 5) is wanted"),
    ],
)
def test_what_a_lever_answers_is_checked(monkeypatch, method, answer, said):
    kind = answered_once(LEVERS["key_areas"].__mro__[1], method, answer)
    for name in ("powers", "drafted", "recipients"):
        if name not in vars(kind):
            setattr(kind, name, vars(LEVERS["key_areas"])[name])
    for name in ("name", "label", "label_zh", "spends"):
        setattr(kind, name, getattr(LEVERS["key_areas"], name))
    kind.__abstractmethods__ = frozenset()
    stands_in(monkeypatch, LEVERS, "key_areas", kind)
    with pytest.raises(AnswerError) as error:
        run(small(years=3), replicates=range(2))
    assert sentence(error).startswith(f"Mine.{method}: ") and said in sentence(error)


@pytest.mark.parametrize("method", ["perceived", "marginal", "worth", "value", "earned", "realised"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "the payoff is None"),
        (lambda self, *asked: np.nan * sum(asked), "the payoff holds nan; numbers, finite"),
        (lambda self, *asked: np.ones(3), "the payoff has the shape (3,)"),
    ],
)
def test_a_payoff_form_is_finite_and_of_the_shape_that_was_asked_for(monkeypatch, method, answer, said):
    kind = type(
        "Mine",
        (PAYOFFS["market"].__mro__[1],),
        {
            "perceived": lambda self, worth, log_fit, count: worth + 0.1 * log_fit - 0.1 * count,
            "marginal": lambda self, worth, count: worth - 0.1 * count,
            method: answered_once(Payoff, method, answer).__dict__[method].__wrapped__,
        },
    )
    stands_in(monkeypatch, PAYOFFS, "market", kind)
    with pytest.raises(AnswerError) as error:
        run(small(years=2), replicates=range(2))
    assert sentence(error).startswith(f"Mine.{method}: ") and said in sentence(error)


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda adopted: None, "a turn is None"),
        (lambda adopted: Turn(0, adopted[0]), "revises has the shape (9,); (2, 9) is wanted"),
        (lambda adopted: Turn(0, 0.5 * adopted), "revises holds 0.5; 0 or 1 is wanted"),
        (lambda adopted: Turn(0, np.ones_like(adopted)), "a region without a document revises"),
        (lambda adopted: Turn(-1, adopted), "round is -1; a number from 0 to 65535"),
        (lambda adopted: Turn(0, adopted[:, :1], np.array([0, 99])), "rows holds 99; numbers from 0 to 8"),
    ],
)
def test_a_turn_of_an_own_order_of_revision_is_checked(monkeypatch, turn, said):
    def turns(self, year, adopted, newly, draws):
        yield turn(adopted)

    stands_in(monkeypatch, REVISIONS, "synchronous", type("Mine", (Revision,), {"turns": turns}))
    with pytest.raises(AnswerError) as error:
        run(small(years=2, **{"world.behaviour.revision": "synchronous"}), replicates=range(2))
    assert sentence(error).startswith("Mine.turns: ") and said in sentence(error)


def test_a_year_of_turns_without_end_ends(monkeypatch):
    def turns(self, year, adopted, newly, draws):
        while True:
            yield Turn(0, 0.0 * adopted)

    monkeypatch.setattr("qipan.model.behaviour.revision.MOST_TURNS", 5)
    stands_in(monkeypatch, REVISIONS, "synchronous", type("Mine", (Revision,), {"turns": turns}))
    with pytest.raises(AnswerError, match="more than 5 turns"):
        run(small(years=1, **{"world.behaviour.revision": "synchronous"}), replicates=range(1))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            type("Mine", (Coordinator,), {"uses_levers": True}),
            "Mine: no mandate; a class derived from Coordinator must have it",
        ),
        (
            type(
                "Mine", (Coordinator,), {"mandate": None, "uses_levers": True, "__init__": lambda self, settings: None}
            ),
            "Mine.__init__: self.settings is None; call super().__init__(settings)",
        ),
    ],
)
def test_what_is_registered_can_be_asked(monkeypatch, kind, said):
    stands_in(monkeypatch, ARMS, "design", kind)
    with pytest.raises(AnswerError) as error:
        run(small(years=1), replicates=range(1))
    assert sentence(error) == said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (dict, "a class derived from Coordinator is wanted"),
        (None, "a class derived from Coordinator is wanted"),
        (type("Mine", (Coordinator,), {"name": "mine"}), "an arm needs `label`; a text"),
        (type("Mine", (Coordinator,), {"name": "mine"}), "an arm needs mandate; write these methods"),
        (
            type("Mine", (NoCoordinator.__mro__[1],), {"name": "m e", "label": "x", "label_zh": "x", "mandate": None}),
            "'m e' cannot be the name of an arm; letters, digits, _ and -",
        ),
    ],
)
def test_what_cannot_be_asked_is_not_registered(kind, said):
    before = tuple(ARMS)
    with pytest.raises(RegistryError) as error:
        arm(kind)
    assert any(str(problem).endswith(said) for problem in error.value.problems)
    assert tuple(ARMS) == before


def test_a_plan_of_ones_own_is_followed(monkeypatch):
    """Everything to the first sector and to the first region, whatever the view says."""

    class First(Spender):
        def redrafted(self, years_since_start, view, draft):
            lists = [np.zeros_like(array) for array in draft]
            for array in lists:
                array[..., 0] = True
            return Plan(*lists[:3])

    stands_in(monkeypatch, ARMS, "design", First)
    history = run(small(years=3), replicates=range(2))
    assert history["on_list"][:, -1].tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0]] * 2


def test_shipped_and_own_classes_have_the_same_checks():
    """Every method that the year asks is checked in every class of every registry."""
    asked = {Rule: RULES, Payoff: PAYOFFS, Revision: REVISIONS, Coordinator: ARMS, Lever: LEVERS}
    for base, kinds in asked.items():
        checked = [name for name, method in vars(base).items() if hasattr(method, "check")]
        assert checked
        for kind in kinds.values():
            assert all(hasattr(getattr(kind, name), "check") for name in checked)
    assert all(hasattr(type(mechanism).offer, "check") for mechanism in MECHANISMS.values())


@pytest.mark.parametrize(
    ("answer", "axes", "said"),
    [
        (lambda layout: None, ("replicate", "year"), "the result is None; an array of numbers (replicate x year)"),
        (lambda layout: layout[..., 0, 0].astype(str), ("replicate", "year"), "an array of numbers (replicate x year)"),
        (
            lambda layout: layout[:, 0, 0, 0],
            ("replicate", "year"),
            "the result has the shape (2,); its axes are replicate x year, here (2, 3)",
        ),
        (
            lambda layout: layout[0, :, 0, 0],
            ("replicate",),
            "the result has the shape (3,); its axes are replicate, here (2,)",
        ),
        (lambda layout: layout[:, :, :, 0], ("replicate", "year", "sector"), "the result has the shape (2, 3, 9)"),
        (lambda layout: 1.0, ("replicate",), "the result has the shape ()"),
    ],
)
def test_a_measure_has_the_axes_it_declares(monkeypatch, answer, axes, said):
    history = run(small(years=3), replicates=range(2), fields=["layout"])
    monkeypatch.setattr(MEASURES, "_items", dict(MEASURES))
    monkeypatch.setattr(MEASURES, "_entries", dict(MEASURES._entries))  # nothing of it is left to other tests

    def mine(layout):
        return answer(layout)

    measure(
        label="Mine", label_zh="我的", unit="1", direction="neutral", axes=axes, bounds=(0, 1), formula="", source=""
    )(mine)
    with pytest.raises(AnswerError) as error:
        compute(history, ["mine"])
    assert sentence(error).startswith("measure mine: ") and said in sentence(error)

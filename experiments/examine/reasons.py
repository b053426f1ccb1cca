"""Why a region chose its sectors, in words and numbers, from a trace of its path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.examine.trace import WORD, Array, Trace, trace
from qipan.experiments.results.own_data import say_own
from qipan.experiments.words.labels import Topic, region_label, sector_label, shown_unit, small
from qipan.experiments.words.labels import say as label
from qipan.experiments.words.numbers import number, percent
from qipan.experiments.words.warned import warning
from qipan.model.axes import STAGES
from qipan.model.errors import Problem, UserError
from qipan.model.extend.registry import MECHANISMS
from qipan.model.world.names import world_regions

if TYPE_CHECKING:
    from rich.table import Table

    from qipan.model.notices.notice import Notice
    from qipan.model.scenario import Scenario

say = Topic("explain")
MOST_NAMED = 3
"""Terms told by name on each side."""


def explain(
    scenario: Scenario, region: str, year: int, replicate: int, language: str
) -> tuple[list[str], Table | None]:
    """Sentences and a table of utility by sector and term.

    Raises:
        UserError: the region, year or replicate is not one of the scenario's.
    """
    from qipan.model.world import load_world

    world, run = load_world(scenario.world), scenario.run
    say_own(world, language)
    place = world_regions(world).find(region, "command line", "--region")
    if not run.first_year <= year <= run.last_year:
        hint = f"allowed {run.first_year} to {run.last_year}"
        raise UserError(Problem("command line", "--year", f"{year} is not a year of the run", hint))
    if not 0 <= replicate < 2**32:
        raise UserError(Problem("command line", "--replicate", f"{replicate} is no replicate", "0 or more"))
    found = trace(scenario, world, place, year, replicate)
    return sentences(found, language), None if found.seen is None else term_table(found, language)


def sentences(found: Trace, language: str) -> list[str]:
    """The reasons in words, most important first."""
    key = "chose" if found.layout.any() else "chose_none"
    lines = [
        say(
            key,
            language,
            region=region_label(found.world, found.world.region_codes[found.region], language),
            year=found.year,
            replicate=found.replicate,
            scenario=found.scenario.name,
            layout=sectors(found, found.layout, language),
        )
    ]
    if not found.adopted:
        lines.append(say("no_document", language))
    if found.seen is None:
        return (
            [*lines, say("never", language), money_words(found, language)]
            if found.adopted
            else [*lines, money_words(found, language)]
        )
    breadth = int(found.seen.outlook.breadth[..., 0])
    free = say("breadth_one" if breadth == 1 else "breadth", language, count=breadth)
    lines.append(say("when", language, year=found.seen.year, breadth=free))
    lines.append(say("scale", language, mean=number(float(sum(found.terms.values()).mean()))))
    return [
        *lines,
        *_why(found, language),
        *_without(found, language),
        money_words(found, language),
        _truth(found, language),
    ]


def sectors(found: Trace, layout: Array, language: str) -> str:
    """Names of the sectors of a layout, in a list."""
    names = [
        sector_label(found.world, code, language)
        for code, chosen in zip(found.world.sector_codes, layout, strict=True)
        if chosen > 0
    ]
    return ("、" if language == "zh" else ", ").join(names)


def above_average(found: Trace) -> tuple[dict[str, Array], Array]:
    """Terms and their sum above the average of the sectors: the one scale in which utility is told."""
    terms = {name: values - values.mean() for name, values in found.terms.items()}
    return terms, np.add.reduce(list(terms.values()))


def _why(found: Trace, language: str) -> list[str]:
    """For each sector chosen: what lifts it most above the average sector and what stands most against it, the sum of
    the other terms, so that they add up to the total, and the best sector left out.
    """
    assert found.seen is not None, "called for regions that chose"
    terms, total = above_average(found)
    chosen = found.seen.decision.layout > 0
    cut = number(float(total[~chosen].max()), signed=True) if not chosen.all() else ""
    lines = []
    for place in np.flatnonzero(chosen)[np.argsort(-total[chosen], kind="stable")]:
        lift = {name: float(values[place]) for name, values in terms.items()}
        lines.append(
            say(
                "why" if cut else "why_all",
                language,
                reasons=_summed(lift, language),
                cut=cut,
                sector=sector_label(found.world, found.world.sector_codes[place], language),
                utility=number(float(total[place]), signed=True),
            )
        )
    return lines


def _summed(lift: dict[str, float], language: str) -> str:
    """The terms of one sector, the largest on each side by name and the others together."""
    order = sorted(lift, key=lambda name: -lift[name])
    best = [name for name in order if lift[name] > 0.005][:MOST_NAMED]
    worst = [name for name in reversed(order) if lift[name] < -0.005][:MOST_NAMED]
    others = sum(value for name, value in lift.items() if name not in (*best, *worst))
    parts = [] if best else [say("average", language)]
    for key, names in (("for", best), ("against", worst)):
        told = [f"{say(f'term.{name}', language)} {number(lift[name], signed=True)}" for name in names]
        if told:
            parts.append(say(key, language, terms=("，" if language == "zh" else ", ").join(told)))
    if abs(others) >= 0.0005:
        parts.append(say("others", language, terms=number(others, signed=True)))
    return ("；" if language == "zh" else "; ").join(parts)


def _without(found: Trace, language: str) -> list[str]:
    """What it would have chosen without the coordinator's word, and without each term that says anything."""
    assert found.seen is not None, "called for regions that chose"
    chosen = found.seen.decision.layout
    other = found.without(*WORD)
    told = not any(np.ptp(found.terms[name]) > 0 for name in WORD if name in found.terms)
    lines = (
        []
        if told
        else [
            say("word_none", language)
            if (other == chosen).all()
            else say("word" if other.any() else "word_no_layout", language, layout=sectors(found, other, language))
        ]
    )
    if np.ptp(found.terms.get("information", np.zeros(1))) > 0:
        lines.append(say("before", language))
    for name, values in found.terms.items():
        if np.ptp(values) == 0:
            continue
        layout, term = found.without(name), say(f"without.{name}", language)
        if (layout == chosen).all():
            lines.append(_moved(found, name, term, language))
        else:
            gained, lost = (sectors(found, one, language) for one in (layout * (1 - chosen), chosen * (1 - layout)))
            key = "other" if gained and lost else "more" if gained else "less"
            lines.append(say(key, language, term=term, gained=gained, lost=lost))
    return lines


def _moved(found: Trace, name: str, term: str, language: str) -> str:
    """Same sectors without a term: whose share of the money would have changed most."""
    assert found.seen is not None, "called for regions that chose"
    before, after = found.split_without(), found.split_without(name)
    place = int(np.abs(after - before).argmax())
    shares = percent(float(before[place])), percent(float(after[place]))
    if abs(after[place] - before[place]) < 0.005 or shares[0] == shares[1]:
        return say("same", language, term=term)
    return say(
        "split",
        language,
        term=term,
        before=shares[0],
        after=shares[1],
        sector=sector_label(found.world, found.world.sector_codes[place], language),
    )


def money_words(found: Trace, language: str) -> str:
    """What money was offered by mechanism, and what was spent by stage."""
    by_mechanism, by_stage = found.offered.sum(axis=1), found.spent.sum(axis=1)
    factor, _ = shown_unit("bn yuan", language)
    parts = _amounts([_mechanism(name, language) for name in MECHANISMS], by_mechanism, language)
    stages = _amounts([small(label(f"stage_{name}", language), language) for name in STAGES], by_stage, language)
    return say(
        "money", language, year=found.year, total=number(factor * float(by_mechanism.sum())), parts=parts, stages=stages
    )


def _mechanism(name: str, language: str) -> str:
    entry = MECHANISMS.entry(name)
    return entry.label_zh if language == "zh" else small(entry.label, language)


def _amounts(names: list[str], amounts: Array, language: str) -> str:
    factor, _ = shown_unit("bn yuan", language)
    parts = [f"{name} {number(float(amount))}" for name, amount in zip(names, factor * amounts, strict=True)]
    return ("，" if language == "zh" else ", ").join(parts)


def _truth(found: Trace, language: str) -> str:
    best = np.argsort(-found.worth, kind="stable")[:2]
    return say("truth", language, best=sectors(found, np.isin(np.arange(found.worth.size), best) * 1.0, language))


def term_table(found: Trace, language: str) -> Table:
    """Utility by term (rows) and sector (columns, best first), above the average of the sectors; terms that are the
    same in all are left out.
    """
    from rich.table import Table

    assert found.seen is not None, "called for regions that chose"
    terms, total = above_average(found)
    order = np.argsort(-total, kind="stable")
    table = Table()
    table.add_column(say("term", language), overflow="fold")
    for place in order:
        table.add_column(
            sector_label(found.world, found.world.sector_codes[place], language), justify="right", overflow="fold"
        )
    for name, values in terms.items():
        if np.ptp(found.terms[name]) > 0:
            cells = [number(float(values[place]), signed=True) for place in order]
            table.add_row(say(f"term.{name}", language), *cells)
    table.add_section()
    table.add_row(say("utility", language), *(number(float(total[place]), signed=True) for place in order))
    decision = found.seen.decision
    inside = decision.layout > 0
    table.add_row(say("in", language), *("\N{CHECK MARK}" if inside[place] else "" for place in order))
    table.add_row(
        say("share", language), *(percent(float(decision.portfolio[place])) if inside[place] else "" for place in order)
    )
    return table


def scenario_of(source: str, arm: str | None, settings: tuple[str, ...]) -> tuple[Scenario, Notice | None]:
    """The scenario meant by a name, a file or an arm of a stored result, and a warning where there is one.

    Raises:
        UserError: no such scenario or arm, or settings given for a stored result.
    """
    from qipan.experiments.results.stored import is_result, load_comparison
    from qipan.experiments.store.versions import model_hash
    from qipan.model.scenario import load_scenario

    if not is_result(source):
        if arm is not None:
            raise UserError(Problem("command line", "--arm", f"{source} is not a stored result", "name the scenario"))
        return load_scenario(source, settings), None
    result = load_comparison(Path(source))
    names = [one.name for one in result.arms]
    if arm is not None and arm not in names:
        raise UserError(Problem("command line", "--arm", f"no arm {arm!r} in {source}", f"one of: {', '.join(names)}"))
    if settings:
        raise UserError(
            Problem("command line", "--set", "a stored result stands as it is", "name the scenario instead")
        )
    changed = result.manifest.get("model") != model_hash()
    told = warning("warning_code_changed") if changed else None
    return (result.arms[-1] if arm is None else result.arm(arm)).scenario, told

"""docs/economy.md from the samples: arms by horizon, terms of welfare, curves, structures, and the ladder of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pages.economy.comparisons import ARMS, Contrast, Rung, Variant, comparisons, ladder, left_out, rules
from pages.economy.sampling import TERMS, YEARS, Array, Sample
from pages.economy.tables import Difference, amount, differences, inseparable, spread
from pages.odd import table
from pages.validation import YEARS as DOCUMENTED
from pages.validation import found_by

PAGE = Path("docs") / "economy.md"
PARTS = Path(__file__).with_name("parts.md")
"""Headings and what is said above each table; `{...}` stands for a table."""
LONG = {"run.last_year": "2070"}
BASE = Variant("baseline")
HEADLINE = "welfare_2060"
Found = Mapping[Variant, Sample]


def cases(replicates: int) -> dict[Variant, int]:
    """Every run of the page and how many replicates of it."""
    wanted: dict[Variant, int] = {}

    def want(case: Variant, share: float = 1.0) -> None:
        wanted[case] = max(wanted.get(case, 0), max(int(replicates * share), 2))

    for case in (BASE, *map(Variant, ARMS)):
        want(case)
        want(case.with_settings(LONG))
    for row in comparisons():
        want(row.arm, row.share)
        want(row.against, row.share)
    for _, settings in (*ladder("order"), *ladder("other"), *left_out()):
        for name in ("baseline", *ARMS):
            want(Variant(name).with_settings(settings))
    return wanted


def page(found: Found, studies: Mapping[str, Any], replicates: int, digest: str) -> str:
    """The page.

    Args:
        found: Samples of every case.
        studies: The stored studies `worth` and `best`.
        replicates: Of most tables.
        digest: Of the sources of the model.
    """
    made: dict[str, Callable[[Found], str]] = {
        "answer": answer,
        "horizons": horizons,
        "worth": lambda _: said(studies["worth"]),
        "searched": lambda _: said(studies["best"]) + "\n" + ends(studies["best"]),
        "terms": terms,
        "documents": documents,
        "counts": lambda _: counts(),
        "ladder_order": lambda found: steps(found, ladder("order")),
        "ladder_other": lambda found: steps(found, ladder("other")),
        "left_out": lambda found: steps(found, left_out()) + "\n" + turned(found),
        "rules": lambda _: neutral_values(rules()),
        "structures": structures,
        "turns": lambda found: by_label(found, "turns"),
    }
    made |= {name: partial(curve, part=name) for name in CURVES}
    text = PARTS.read_text(encoding="utf-8")
    for name, make in made.items():
        text = text.replace(f"{{{name}}}", make(found).rstrip("\n"))
    return text.replace("{replicates}", f"{replicates:,}").replace("{digest}", digest[:12])


CURVES = (
    "levy",
    "levy-directing",
    "error",
    "error-directing",
    "breadth",
    "breadth-free",
    "base-cost",
    "congestion",
    "segments-18",
    "segments-36",
    "levers",
    "doubts",
    "planner",
)


def pair(found: Found, row: Contrast, measure: str = HEADLINE) -> tuple[Array, Array]:
    """The two samples of a comparison, cut to the replicates they share."""
    arm, other = found[row.arm][measure], found[row.against][measure]
    n = min(arm.size, other.size)
    return arm[:n], other[:n]


def of_part(part: str) -> list[Contrast]:
    """Comparisons of a table."""
    return [row for row in comparisons() if row.part == part]


NAMES = {
    "national-design": "The full design",
    "information-only": "Information alone",
    "random-coordinator": "The placebo (the same tools and money, random lists)",
    "lump-sum": "The levy handed back",
    "cut": "A plain cut of the same money",
    "burn": "The same money spent on nothing",
    "oracle": "The design with true values",
}


def answer(found: Found) -> str:
    """One sentence an arm: whether it helps to 2060, and whether mean and median agree."""
    told = _against_baseline(found, HEADLINE, {})
    lines = []
    for name, each in zip(ARMS, told, strict=True):
        words = {"+": "helps on average", "-": "costs on average", "?": "cannot be told from no coordinator"}[each.sign]
        split = (each.median > 0.0) != (each.mean > 0.0) and each.sign != "?"
        typical = ", though the median replicate says the opposite" if split else ""
        better = f"welfare is higher in {each.above:.0%} of {each.n:,} futures"
        lines.append(f"- {NAMES[name]} {words}{typical}: {spread(each)}, median {amount(each.median)}; {better}.")
    return "\n".join(lines)


def horizons(found: Found) -> str:
    """Sign and rank of every arm by the year to which consequences are counted."""
    years = [year for year in YEARS if f"welfare_{year}" in found[BASE.with_settings(LONG)]]
    columns = {year: _against_baseline(found, f"welfare_{year}", LONG) for year in years}
    ranks = {year: _ranks([each.mean for each in columns[year]]) for year in years}
    rows = []
    for place, name in enumerate(ARMS):
        cells = [f"{spread(columns[year][place])} ({ranks[year][place]})" for year in years]
        rows.append([f"`{name}`", *cells, _turns([columns[year][place] for year in years], years)])
    return table(("arm", *(f"to {year} (rank)" for year in years), "sign"), rows)


def _against_baseline(found: Found, measure: str, settings: Mapping[str, str]) -> list[Difference]:
    base = found[BASE.with_settings(settings)][measure]
    return differences([(found[Variant(name).with_settings(settings)][measure], base) for name in ARMS])


def _ranks(means: Sequence[float]) -> list[int]:
    """Rank of each arm, highest mean first; the baseline, at zero, takes part."""
    return [1 + sum(other > mean for other in (*means, 0.0)) for mean in means]


def _turns(found: Sequence[Difference], years: Sequence[int]) -> str:
    """Whether the sign of a row changes with the horizon, among the horizons at which it can be told."""
    told = [(year, each.sign) for year, each in zip(years, found, strict=True) if each.sign != "?"]
    if not told:
        return "cannot be told at any horizon"
    signs = {sign for _, sign in told}
    if len(signs) == 1:
        return f"{told[0][1]} wherever it can be told"
    return "turns: " + ", ".join(f"{sign} to {year}" for year, sign in told)


def said(study: Any) -> str:
    """What a study says, a line a sentence."""
    from qipan.experiments.value.words import sentences

    return "".join(f"- {each}\n" for each in sentences(study, "en"))


def ends(study: Any, count: int = 5) -> str:
    """The best and the worst policies of the searched set."""
    from qipan.experiments.findings.quoted.searched import searched_label

    ranked = study.tables["arms"].sort_values("mean", ascending=False)
    rows = [
        [
            searched_label(row.arm, "en"),
            f"{amount(row.mean)} ({amount(row.low)} to {amount(row.high)})",
            amount(row.median),
        ]
        for part in (ranked.head(count), ranked.tail(count))
        for row in part.itertuples()
    ]
    return table(("policy, true values", "welfare to 2060", "median"), rows)


def terms(found: Found) -> str:
    """Welfare of every arm less the baseline's, split exactly into its terms."""
    rows = []
    for name in ARMS:
        gains = [float((found[Variant(name)][term] - found[BASE][term]).mean()) for term in TERMS]
        whole = found[Variant(name)][HEADLINE] - found[BASE][HEADLINE]
        rows.append([f"`{name}`", *map(amount, gains), amount(float(whole.mean())), amount(float(np.median(whole)))])
    head = ("sales", "spillover of research", "ordinary projects", "small bases", "private money", "public money")
    return table(("arm", *head, "welfare", "median"), rows)


def documents(found: Found) -> str:
    """Regions with a dedicated document at the end of each year."""
    base = found[BASE]
    rows = [
        [
            str(year),
            f"{base[f'documents_{year}'].mean():.1f}",
            _range(base[f"documents_{year}"]),
            str(found_by("document", year)),
        ]
        for year in DOCUMENTED
    ]
    return table(("end of", "model, mean", "middle 90%", "documents of their own, found (a lower bound)"), rows)


def _range(values: Array) -> str:
    low, high = np.quantile(values, [0.05, 0.95])
    return f"{low:.0f} to {high:.0f}"


def counts(worlds: int = 200) -> str:
    """Bases by free entry and by the planner on drawn markets at average fit, and whether a single move pays."""
    from pages.economy.markets import entered, improvable, placed

    entry, plan = entered(worlds), placed(worlds)
    differ = int((entry != plan).any(axis=1).sum())
    rows = [
        ["free entry", f"{entry.sum(axis=1).mean():.1f}", ", ".join(f"{each:.1f}" for each in entry.mean(axis=0))],
        ["planner", f"{plan.sum(axis=1).mean():.1f}", ", ".join(f"{each:.1f}" for each in plan.mean(axis=0))],
    ]
    told = (
        f"\nThe counts differ in {differ} of {worlds} markets. A base added, dropped or moved raises the total of the "
        f"planner's counts in {improvable(worlds)} of {worlds}.\n"
    )
    return table(("who places", "bases in all", "by sector"), rows) + told


def steps(found: Found, rungs: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """Welfare of every arm less the baseline's at each step of a ladder; intervals hold for the whole table."""
    pairs = [
        (found[Variant(name).with_settings(held)][HEADLINE], found[BASE.with_settings(held)][HEADLINE])
        for _, held in rungs
        for name in ARMS
    ]
    cells = iter(differences(pairs))
    rows = [[label, *(_short(next(cells)) for _ in ARMS)] for label, _ in rungs]
    return table(("step", *(f"`{name}`" for name in ARMS)), rows)


def turned(found: Found) -> str:
    """Which rules, left out alone, give an arm the opposite sign, where both signs can be told."""
    pairs = [
        (found[Variant(name).with_settings(held)][HEADLINE], found[BASE.with_settings(held)][HEADLINE])
        for held in ({}, *(held for _, held in left_out()))
        for name in ARMS
    ]
    signs = [each.sign for each in differences(pairs)]
    at_defaults, lines = signs[: len(ARMS)], []
    for place, rule in enumerate(rules(), start=1):
        here = signs[place * len(ARMS) : (place + 1) * len(ARMS)]
        arms = [name for name, one, other in zip(ARMS, at_defaults, here, strict=True) if {one, other} == {"+", "-"}]
        if arms:
            lines.append(f"- {rule.name}: {', '.join(f'`{name}`' for name in arms)}")
    return "Left out alone, these turn a sign that can be told:\n\n" + ("\n".join(lines) or "- none") + "\n"


def _short(difference: Difference) -> str:
    """Mean, in brackets where its interval covers zero."""
    text = amount(difference.mean)
    return f"({text})" if difference.sign == "?" else text


def neutral_values(found: Sequence[Rung]) -> str:
    """Every rule and the settings at which it does nothing."""
    rows = [[rule.name, ", ".join(f"`{path} = {value}`" for path, value in rule.neutral)] for rule in found]
    return table(("rule", "neutral at"), rows)


def curve(found: Found, part: str) -> str:
    """One table of comparisons, its rows beside what the prototype gave, and which rows are not separable from best."""
    rows = of_part(part)
    told = differences([pair(found, row) for row in rows])
    early = differences([pair(found, row, "welfare_2035") for row in rows])
    arms = [pair(found, row)[0] for row in rows]
    least = min(arm.size for arm in arms)
    best = inseparable([arm[:least] for arm in arms])
    lines = [
        [
            row.label,
            spread(each),
            amount(each.median),
            f"{each.above:.0%}",
            spread(soon),
            "yes" if stays else "",
            row.prototype,
        ]
        for row, each, soon, stays in zip(rows, told, early, best, strict=True)
    ]
    head = ("", "to 2060", "median", "above zero in", "to 2035", "not separable from the best", "prototype, to 2060")
    return table(head, lines)


def by_label(found: Found, part: str) -> str:
    """Rows by label, one column an arm."""
    rows = of_part(part)
    told = dict(zip(rows, differences([pair(found, row) for row in rows]), strict=True))
    arms = list(dict.fromkeys(row.arm.scenario for row in rows))
    lines = []
    for label in dict.fromkeys(row.label for row in rows):
        here = {row.arm.scenario: row for row in rows if row.label == label}
        seen = next((row.prototype for row in here.values() if row.prototype), "")
        lines.append([label, *(spread(told[here[arm]]) if arm in here else "" for arm in arms), seen])
    return table(("", *(f"`{arm}`" for arm in arms), "prototype, to 2060"), lines)


CLAIMS = {
    "national-design": ("the design helps", "+"),
    "cut": ("a cut costs", "-"),
    "random-coordinator": ("the placebo helps", "+"),
    "information-only": ("information alone helps", "+"),
    "lever-regional-layout": ("a layout list alone costs", "-"),
    "lever-key-areas": ("key areas alone cost", "-"),
}
"""What is claimed of an arm, with the sign that would bear it out."""


def structures(found: Found) -> str:
    """Each claim in every structure, and in how many it is borne out, contradicted or cannot be told."""
    rows = of_part("structures")
    told = dict(zip(rows, differences([pair(found, row) for row in rows]), strict=True))
    labels = list(dict.fromkeys(row.label for row in rows))
    lines = []
    for label in labels:
        here = {row.arm.scenario: told[row] for row in rows if row.label == label}
        lines.append([label, str(here["national-design"].n), *(spread(here[arm]) for arm in CLAIMS)])
    for words, wanted in (("borne out in", "same"), ("contradicted in", "other"), ("cannot be told in", "?")):
        lines.append([words, "", *(_tally(told, arm, wanted, len(labels)) for arm in CLAIMS)])
    return table(("structure", "replicates", *(claim for claim, _ in CLAIMS.values())), lines)


def _tally(told: Mapping[Contrast, Difference], arm: str, wanted: str, count: int) -> str:
    sign = CLAIMS[arm][1]
    found = [each.sign for row, each in told.items() if row.arm.scenario == arm]
    kinds = ["?" if each == "?" else "same" if each == sign else "other" for each in found]
    return f"{kinds.count(wanted)} of {count}"

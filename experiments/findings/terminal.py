"""What a result says, printed: differences against the baseline with intervals and words, warnings, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.finding import weights_words
from qipan.experiments.findings.horizons import horizon_sentences
from qipan.experiments.findings.quoted.searched import quoted
from qipan.experiments.findings.reading import how_many
from qipan.experiments.statistics.paired import UNTOLD
from qipan.experiments.summaries.comparison import TOTAL
from qipan.experiments.summaries.ranking import open_ranks
from qipan.experiments.words.labels import Topic, measure_label, say, shown_measure, verdict_label
from qipan.experiments.words.numbers import MISSING, number
from qipan.experiments.words.warned import warned

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from qipan.experiments.report.grids import Grid
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

WHOLE_RUN = ("welfare", "welfare_weighted", "welfare_equity", "output_discounted", "lost_share")
OF_A_YEAR = (
    "output_total",
    "breakthroughs",
    "adopters",
    "layout_cosine",
    "layout_cosine_excess",
    "investment_duplication",
    "excess_entry",
    "idle_share",
    "leverage",
    "arrears_total",
)

OVERVIEW = ("welfare", "welfare_weighted", "output_discounted", "investment_duplication", "excess_entry", "idle_share")

words = Topic("terminal")
RANKED = "welfare"
COLOURS = {"better": "green", "worse": "red", **dict.fromkeys(UNTOLD, "dim")}


def print_first(comparison: Comparison, planned: int, language: str) -> None:
    """Print the table of the first of so many planned replicates, marked as such; the table of all follows it."""
    told = words("first", language, n=how_many(comparison), planned=f"{planned:,}")
    new_console().print(told, style="bold yellow", markup=False, highlight=False)
    print_headline(comparison, language)


def print_headline(comparison: Comparison, language: str) -> None:
    """Print the differences of each arm from the baseline, or the only arm's means."""
    others = _others(comparison)
    if len(others) > 1:
        table = overview_table(comparison, others, language)
    elif others:
        table = difference_table(comparison, others[0], language)
    else:
        table = mean_table(comparison, language)
    new_console().print(table)


def _others(comparison: Comparison) -> list[str]:
    """The arms that have a line of differences."""
    return [arm.name for arm in comparison.arms if arm.name != comparison.baseline and printed(comparison, arm)]


def print_ranks(comparison: Comparison, language: str) -> None:
    """Print below that table which weights of regions it stands for, and what ranks may be claimed."""
    console, others = new_console(), _others(comparison)
    if text := weights_words(comparison, language):
        console.print(text, markup=False, highlight=False)
    lines = rank_lines(comparison, language) if len(others) > 1 else []
    for line in [*lines, *(text for arm in comparison.policies for text in quoted(comparison, arm, language))]:
        console.print(line, markup=False, highlight=False)


def print_rest(comparison: Comparison, language: str) -> None:
    """Print which assumptions matter, where they were ranked, and warnings."""
    console = new_console()
    for line in importance_lines(comparison, language):
        console.print(line, markup=False, highlight=False)
    for warning in comparison.warnings:
        console.print(warned(warning, language), style="yellow", markup=False, highlight=False)


def new_console() -> Console:
    """Where tables are printed; of a fixed width in a file."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=120)


def printed_grid(grid: Grid) -> Table:
    """A table of a page as the terminal prints it; what is told from zero stands out."""
    from rich.table import Table
    from rich.text import Text

    several = any("\n" in cell.text for row in grid.rows for cell in row)
    table = Table(title=grid.caption, title_justify="left", show_lines=several)
    for text, numeric in grid.heads:
        table.add_column(text, justify="right" if numeric else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(cell.text, style="bold" if cell.strong else "") for cell in row))
    return table


def chosen_measures(comparison: Comparison) -> list[tuple[str, str]]:
    """The (measure, year) pairs that are printed: whole-run measures first, then yearly ones in `year_told`."""
    table = comparison.table("summary")
    there = set(zip(table["measure"], table["year"], strict=True))
    told = str(comparison.year_told)
    wanted = [(name, TOTAL) for name in WHOLE_RUN] + [(name, told) for name in OF_A_YEAR]
    return [pair for pair in wanted if pair in there]


def overview_table(comparison: Comparison, arms: list[str], language: str) -> Table:
    """A row for each arm: differences against the baseline with 95% intervals and a word, on the main measures."""
    from rich.table import Table

    titles = {one.name: arm_title(one, language) for one in comparison.arms}
    title = words("differences", language, baseline=titles[comparison.baseline], n=how_many(comparison))
    table = Table(title=title, title_justify="left", show_lines=True)
    table.add_column(words("arm", language), overflow="fold")
    chosen = [pair for pair in chosen_measures(comparison) if pair[0] in OVERVIEW]
    for measure, year in chosen:
        _, label = shown_measure(measure, language)
        table.add_column(label if year == TOTAL else f"{label}, {year}", justify="right", overflow="fold")
    for arm in arms:
        table.add_row(titles[arm], *(_cell(comparison.difference(arm, *pair), pair[0], language) for pair in chosen))
    return table


def _interval(row: Any, factor: float) -> str:
    """An interval; one dash where one replicate has none."""
    ends = number(factor * row["low"]), number(factor * row["high"])
    return MISSING if ends == (MISSING, MISSING) else " … ".join(ends)


def _cell(row: Any, measure: str, language: str) -> Text:
    """Difference, interval and verdict, one below the other; what is not distinguishable is dim."""
    from rich.text import Text

    verdict, (factor, _) = str(row["verdict"]), shown_measure(measure, language)
    lines = (
        number(factor * row["mean"], signed=True),
        _interval(row, factor),
        verdict_label(verdict, language),
    )
    return Text("\n".join(lines), style=COLOURS.get(verdict, ""))


def difference_table(comparison: Comparison, arm: str, language: str) -> Table:
    """What an arm changes against the baseline."""
    from rich.table import Table

    titles = {one.name: arm_title(one, language) for one in comparison.arms}
    table = Table(
        title=words("against", language, arm=titles[arm], baseline=titles[comparison.baseline]), title_justify="left"
    )
    for name in ("measure", "year", "baseline", "difference", "interval", "verdict"):
        justify: Any = "left" if name in ("measure", "verdict") else "right"
        table.add_column(words(name, language), justify=justify, overflow="fold")
    for measure, year in chosen_measures(comparison):
        row = comparison.difference(arm, measure, year)
        verdict, (factor, label) = str(row["verdict"]), shown_measure(measure, language)
        table.add_row(
            label,
            words(year, language) if year in words else year,
            number(factor * row["baseline_mean"]),
            number(factor * row["mean"], signed=True),
            _interval(row, factor),
            verdict_label(verdict, language),
            style=COLOURS.get(verdict, ""),
        )
    return table


def mean_table(comparison: Comparison, language: str) -> Table:
    """Means and ranges of the only arm."""
    from rich.table import Table

    table = Table(title=arm_title(comparison.arms[0], language), title_justify="left")
    for name in ("measure", "year", "mean", "range"):
        table.add_column(words(name, language), justify="left" if name == "measure" else "right", overflow="fold")
    summary = comparison.table("summary").set_index(["measure", "year"])
    for measure, year in chosen_measures(comparison):
        row = summary.loc[(measure, year)]
        factor, label = shown_measure(measure, language)
        spread = f"{number(factor * row['q05'])} … {number(factor * row['q95'])}"
        table.add_row(
            label,
            words(year, language) if year in words else year,
            number(factor * row["mean"]),
            spread,
        )
    return table


def rank_lines(comparison: Comparison, language: str) -> list[str]:
    """A line of ranks on welfare, lines of signs that hang on the year counted to; what is absent."""
    titles = {arm.name: arm_title(arm, language) for arm in comparison.arms}
    policies = len(comparison.policies)
    lines = [words("rest", language)] if 1 < policies < len(comparison.arms) - 1 else []
    spoken = {arm.same_as or arm.name for arm in comparison.arms if printed(comparison, arm)}
    arms = comparison.table("arms")
    lines += [words("no_placebo", language, arm=titles[row.arm]) for row in arms.itertuples() if row.note]
    equal = [(arm, comparison.arm(arm.same_as)) for arm in comparison.policies if arm.same_as]
    lines += [words("equal", language, arm=titles[arm.name], other=titles[other.name]) for arm, other in equal]
    table = comparison.tables["ranking"]
    names = list(table.loc[table["measure"] == RANKED, "arm"])
    ranked = [f"{titles[name]} {open_ranks(comparison, name, RANKED)}" for name in names if name in spoken]
    if ranked:
        label = measure_label(RANKED, language, unit=False)
        listed = words("between", language).join(ranked)
        lines.append(words("ranks", language, measure=label, count=len(names), list=listed))
    return lines + horizon_sentences(comparison, language)


def printed(comparison: Comparison, arm: ArmResult) -> bool:
    """Whether an arm has its line on the terminal: with several policies the baseline, policies and placebos have."""
    return len(comparison.policies) < 2 or arm.role in ("baseline", "policy", "placebo")


def importance_lines(comparison: Comparison, language: str) -> list[str]:
    """Which assumptions matter: as ranked, in one line; else what the stored evidence says, or which command does."""
    from qipan.experiments.findings.assumptions import finding, ranked
    from qipan.experiments.findings.quoted.evidenced import known_or_how

    if not ranked(comparison):
        return known_or_how(comparison, language)
    count = int(comparison.table("importance")["n"].iloc[0])
    return [say("importance_printed", language, finding=finding(comparison, language), n=count)]

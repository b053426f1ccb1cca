"""`qipan plot`: figures and report again, from stored tables; or a figure of the theory."""

import re

import click

from qipan.experiments.commands.options import LANGUAGE, refuse_given

EXAMPLES = """\b
Examples:
  qipan plot results/national-design-against-baseline
  qipan plot results/national-design-against-baseline --lang zh
  qipan plot results/sweep-planner-error --lang zh --format pdf
  qipan plot results/attribution-national-design --size slide --format png
  qipan plot results/national-design-against-baseline --measures welfare,idle_share --years 2025-2035
  qipan plot results/national-design-against-baseline --regions Guizhou,上海 --size 25x14cm --to mine
  qipan plot theory/break-even
  qipan plot theory/market-break-even
"""
NOT_OF_THEORY = ("formats", "size", "measures", "arms", "regions", "years", "title", "place", "headline")
THEORY = {
    "theory/break-even": "qipan.experiments.figures.break_even",
    "theory/market-break-even": "qipan.experiments.figures.market_break_even",
}
"""Figures of the theory by name: the module whose `plot(folder, language)` simulates and draws them."""


@click.command("plot", epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@LANGUAGE
@click.option(
    "--format",
    "formats",
    type=click.Choice(["png", "svg", "pdf"]),
    multiple=True,
    help="Draw figures of this format only, and no page: png for Word and slides, pdf for print. May be given again.",
)
@click.option(
    "--size",
    metavar="SIZE",
    help="Draw figures of this size only, and no page: page, column, slide (16:9, 13.33 x 7.5 in), a4, or your own, "
    "such as 25x14cm or 10x5.6in.",
)
@click.option(
    "--measures", metavar="NAME,...", help="Of a comparison: draw these measures, as differences and by year."
)
@click.option("--arms", metavar="ARM,...", help="Of a comparison: draw these arms beside the baseline.")
@click.option("--regions", metavar="REGION,...", help="Of a comparison: draw the output of these regions.")
@click.option("--years", metavar="FROM-TO", help="Of a comparison: draw these years, e.g. 2025-2035.")
@click.option("--title", metavar="TEXT", help="What stands above each figure in place of its finding.")
@click.option("--to", "place", type=click.Path(), metavar="FOLDER", help="Where figures go; default RESULT/figures.")
@click.option(
    "--headline",
    metavar="ARM",
    help="Of a comparison: the policy that titles the figures and the page; default: the one chosen when it was run.",
)
@click.option("--force", is_flag=True, help="Replace figures and a page that were changed since qipan wrote them.")
def command(
    result: str,
    language: str,
    formats: tuple[str, ...],
    size: str | None,
    measures: str | None,
    arms: str | None,
    regions: str | None,
    years: str | None,
    title: str | None,
    place: str | None,
    headline: str | None,
    force: bool,
) -> None:
    """Draw the figures and write the page of RESULT (a folder of compare, sweep or attribute) again.

    With --format, --size or any option that chooses what is drawn, figures alone, each with its numbers in a CSV file
    beside it. Nothing is computed anew. Other commands draw what the page needs, as SVG; PNG, PDF and slides are drawn
    here.
    theory/break-even and theory/market-break-even simulate their points and draw them into a folder of that name in
    results/.
    """
    from importlib import import_module
    from pathlib import Path

    if result in THEORY:
        refuse_given(NOT_OF_THEORY, "a figure of the theory has no such choice", "leave it out")
        from qipan.experiments.store.folder import holding
        from qipan.experiments.store.ownership import staged

        place = Path("results") / result
        with (
            holding(place, {"kind": "figure of the theory", "name": result}, force),
            staged(place, whole=True) as inner,
        ):
            said = import_module(THEORY[result]).plot(inner, language)
        click.echo(said.replace(str(inner), str(place)))
        return
    from qipan.experiments.console.interrupts import keeping
    from qipan.experiments.exchange.redraw import Wanted, redraw
    from qipan.model.errors import Problem, UserError

    named = {"--measures": measures, "--arms": arms, "--regions": regions, "--years": years, "--title": title}
    empty = [option for option, text in {**named, "--to": place}.items() if text is not None and not text.strip()]
    if empty:
        raise UserError(Problem("command line", option, "nothing is named", "see its --help") for option in empty)
    alone = formats or size or place or any(named.values())
    wanted = Wanted(
        {size or "page": formats or ("svg",)} if alone else None,
        *(
            tuple(filter(None, re.split(r"[,，]\s*", text.strip()))) if text else ()
            for text in (measures, arms, regions)
        ),
        years or "",
        title or "",
        Path(place) if place else None,
    )
    with keeping(f"{result} is as it was; the same command draws its figures"):
        click.echo(redraw(Path(result), language, wanted, headline, force))

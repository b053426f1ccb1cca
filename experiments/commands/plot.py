"""`qipan plot`: figures and report again, from stored tables; or a figure of the theory."""

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan plot results/national-design-against-baseline
  qipan plot results/national-design-against-baseline --lang zh
  qipan plot results/sweep-planner-error --lang zh --format pdf
  qipan plot results/attribution-national-design --size slide --format png
  qipan plot theory/break-even
  qipan plot theory/market-break-even
"""
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
    type=click.Choice(["page", "column", "slide"]),
    help="Draw figures of this size only, and no page: for a page, a column, a slide.",
)
@click.option(
    "--headline",
    metavar="ARM",
    help="Of a comparison: the policy that titles the figures and the page; default: the one chosen when it was run.",
)
@click.option("--force", is_flag=True, help="Replace figures and a page that were changed since qipan wrote them.")
def command(
    result: str, language: str, formats: tuple[str, ...], size: str | None, headline: str | None, force: bool
) -> None:
    """Draw the figures and write the page of RESULT (a folder of compare, sweep or attribute) again.

    Nothing is computed anew. Other commands draw what the page needs, as SVG; PNG, PDF and slides are drawn here.
    theory/break-even and theory/market-break-even simulate their points and draw them into a folder of that name in
    results/.
    """
    from importlib import import_module
    from pathlib import Path

    if result in THEORY:
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
    from qipan.experiments.exchange.redraw import redraw

    drawing = {size or "page": formats or ("svg",)} if formats or size else None
    with keeping(f"{result} is as it was; the same command draws its figures"):
        click.echo(redraw(Path(result), language, drawing, headline, force))

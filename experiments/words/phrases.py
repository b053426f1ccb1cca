"""The phrase table: every phrase in English and Chinese, by topic in tables with the columns key, en and zh."""

from __future__ import annotations

from pathlib import Path

from qipan.model.notices.notice import model_phrases, read_phrases

HERE = Path(__file__).resolve().parent
TOPICS = (
    "labels_phrases",
    "labels_ranks",
    "warnings",
    "statements",
    "sweep",
    "attribution",
    "terminal",
    "explain",
    "region",
    "diff",
    "new",
    "layouts",
    "panel",
    "targets",
    "break_even",
    "market_break_even",
    "value",
    "bundle",
    "brief",
    "evidence",
)
"""Tables of phrases; `labels_columns` and `labels_units` are of columns and units."""

TEXT: dict[str, tuple[str, str]] = {
    key: words
    for phrases in (model_phrases(), *(read_phrases(HERE / f"{topic}.csv") for topic in TOPICS))
    for key, words in phrases.items()
}
HEADS: dict[str, tuple[str, str]] = read_phrases(HERE / "labels_columns.csv")
"""Short heads of the columns of the tables, by `column` or `table.column`, and the words of a workbook."""
UNITS_ZH: dict[str, str] = {unit: chinese for unit, (_, chinese) in read_phrases(HERE / "labels_units.csv").items()}

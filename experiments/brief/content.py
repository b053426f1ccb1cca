"""What a brief holds, in the words of one language: everything that any of its formats prints."""

from __future__ import annotations

from dataclasses import dataclass, replace

STATES = ("better", "worse", "higher", "lower", "open", "same", "one", "none")
"""What is told of a number: a direction, good or bad where it has one; "open": it cannot be told; "same": no
difference; "one": one future only; "none": there is no figure."""
TILES = ("lose", "gain", "open", "same", "none")
"""What is told of a region of the map."""
TILE_COLOURS = {
    "lose": ("B35806", "7F3B08", "FFFFFF"),
    "gain": ("D8DAEB", "8073AC", "222222"),
    "open": ("FFFFFF", "8A8A8A", "222222"),
    "same": ("EEEEEE", "8A8A8A", "222222"),
    "none": ("FFFFFF", "D0D0D0", "767676"),
}
"""Fill, edge and ink of a square, by its state; the style sheet has the same."""


@dataclass(frozen=True)
class Verdict:
    """What is told of one policy: its title, a heading, the state of welfare, and (label, sentence) pairs."""

    arm: str
    title: str
    heading: str
    state: str
    aspects: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Figure:
    """One number as printed, what stands below it (interval, words), and one of STATES."""

    text: str
    note: str
    state: str


@dataclass(frozen=True)
class Row:
    """The five numbers of one arm; `main` for a policy, not for its placebo and its cut."""

    arm: str
    title: str
    main: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Tile:
    """One square of the map: column and row, name, what stands below it ("" for nothing), one of TILES, in words."""

    column: int
    row: int
    name: str
    below: str
    state: str
    words: str


@dataclass(frozen=True)
class LosersMap:
    """The map of one policy: its title, its text for who cannot see it, and its squares."""

    arm: str
    title: str
    words: str
    tiles: tuple[Tile, ...]

    @property
    def extent(self) -> tuple[int, int]:
        """Columns and rows that the squares take."""
        return max(tile.column for tile in self.tiles) + 1, max(tile.row for tile in self.tiles) + 1


@dataclass(frozen=True)
class Term:
    """A word of the page and what it means."""

    key: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Brief:
    """One page.

    Args:
        language: "en" or "zh".
        title: Of the page.
        changed: Settings and data that are not the shipped ones, a sentence each; one that says there are none.
        question: What was asked.
        warnings: What a reader must know first.
        verdicts: One for every policy compared.
        heads: Of the five numbers, after the head of the first column.
        rows: The five numbers of every policy, with its placebo and its cut where there is room.
        note: How the numbers are to be read.
        maps: One for every policy; none without figures by region.
        legend: (state, words) of the squares that the maps have.
        map_note: What a square is, where it is not a region in its place.
        grounds: What the page rests on and what is only assumed.
        terms: The words of the page that have a meaning of their own.
        footer: What made it, with changed settings and own data.
    """

    language: str
    title: str
    changed: tuple[str, ...]
    question: str
    warnings: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str
    maps: tuple[LosersMap, ...]
    legend: tuple[tuple[str, str], ...]
    map_note: str
    grounds: tuple[str, ...]
    terms: tuple[Term, ...]
    footer: str

    @property
    def texts(self) -> list[str]:
        """Every sentence and head of the page but the terms."""
        aspects = [text for verdict in self.verdicts for _, text in verdict.aspects]
        headings = [verdict.heading for verdict in self.verdicts]
        titles = [row.title for row in self.rows]
        return [*headings, *aspects, *self.heads, *titles, self.note, *self.grounds, *(text for _, text in self.legend)]

    def with_terms(self, terms: tuple[Term, ...]) -> Brief:
        """Return the same page with its terms."""
        return replace(self, terms=terms)

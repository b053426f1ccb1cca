"""(i) The measures the engine's results are read with, on a table worked by hand."""

import numpy as np

from qipan.model.measures.duplication import (
    effective_portfolios,
    effective_regions,
    ellison_glaeser_index,
    information,
    location_quotient,
    portfolio_concentration,
)
from qipan.model.measures.similarity import cosine, krugman

TABLE = np.array([[6.0, 3, 1, 0, 0, 0], [5.0, 4, 1, 0, 0, 0], [0.0, 0, 0, 2, 3, 5]])


def test_similarity(limits):
    """(i) 43 / sqrt(46 x 42) = .978284; the third region shares nothing: a third of it. |.6-.5| + |.3-.4| = .2."""
    limits.exact("i1", [cosine(TABLE[:2]), cosine(TABLE)])
    limits.exact("i2", krugman(TABLE[:2]))


def test_concentration(limits):
    """(i) .36 + .09 + .01 = .46; (11/11)^2 / (36/121 + 25/121) = 1.983607 regions; .6 / (11/30) = 1.636364."""
    limits.exact("i3", [portfolio_concentration(TABLE[row : row + 1]) for row in range(3)])
    limits.exact("i4", effective_regions(TABLE))
    limits.exact("i5", location_quotient(TABLE)[0, 0])


def test_duplication(limits):
    """(i) Mutual information of the table, and as many portfolios as its exponential."""
    limits.exact("i6", [information(TABLE), effective_portfolios(TABLE)])


def test_geographic_concentration(limits):
    """(i) (.1 - .92 x .05) / (.92 x .95) = .061785."""
    limits.exact("i7", ellison_glaeser_index(0.1, 0.05, 0.08))

"""The report in a real browser: no errors, images there, tables sort, no sideways scrolling on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import BROWSER, look, probed
from tests.experiments.report.ranks_sample import page as report
from tests.once import Once

pytestmark = pytest.mark.skipif(not BROWSER, reason="needs Chromium")

LATE = """<script>addEventListener('load', () => {
  const head = document.querySelectorAll('#table-regions thead th')[1];
  const rows = () => [...document.querySelectorAll('#table-regions tbody tr')];
  const column = () => rows().map(row => Number(row.cells[1].dataset.order));
  const before = column();
  head.querySelector('button').click();
  const up = column(), rising = head.ariaSort;
  head.querySelector('button').click();
  const down = column(), falling = head.ariaSort;
  const sorted = {};
  for (const [name, place] of [['ranking', 4], ['horizons', 1], ['importance', 9]]) {
    const table = document.getElementById('table-' + name);
    const column = () => [...table.tBodies[0].rows].map(row => Number(row.cells[place].dataset.order));
    const press = () => { table.tHead.rows[0].cells[place].querySelector('button').click(); return column(); };
    sorted[name] = [press(), press()];
  }
  const outside = performance.getEntriesByType('resource').map(e => e.name).filter(name => !name.startsWith('data:'));
  const sections = [...document.querySelectorAll('nav a')].map(a => a.hash.slice(1)).filter(
    id => document.getElementById(id));
  const pictures = [...document.images].map(i => [i.complete && i.naturalWidth > 0, i.getBoundingClientRect().width]);
  const sheet = document.documentElement;
  parent.postMessage(JSON.stringify({ problems, before, up, down, rising, falling, pictures,
    sorted, outside, sections,
    wide: document.images[0].currentSrc === document.images[0].src, page: sheet.scrollWidth, window: sheet.clientWidth,
  }), '*');
});</script>"""


@pytest.fixture(scope="module", params=["en", "zh"])
def page(request: pytest.FixtureRequest, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report with a probe added that tells the page around it what the browser sees."""
    return probed(report(once, request.param), LATE, tmp_path_factory.mktemp("browser") / "report.html")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_report_in_a_browser(page: Path, tmp_path: Path, width: int) -> None:
    seen = look(page, tmp_path / "profile", width)
    assert seen["problems"] == []
    assert len(seen["pictures"]) == 9
    assert all(there and 200 < wide <= width for there, wide in seen["pictures"])
    assert seen["page"] <= seen["window"] <= width
    assert seen["wide"] == (width == 1280)
    assert seen["up"] == sorted(seen["before"]) and seen["rising"] == "ascending"
    assert seen["down"] == sorted(seen["before"], reverse=True) and seen["falling"] == "descending"
    assert set(seen["sorted"]) == {"ranking", "horizons", "importance"}
    for name, (rising, falling) in seen["sorted"].items():
        assert len(rising) >= 3, name
        assert rising == sorted(rising) and falling == sorted(rising, reverse=True), name
    assert seen["outside"] == []
    assert set(seen["sections"]) >= {"ranks", "importance"}

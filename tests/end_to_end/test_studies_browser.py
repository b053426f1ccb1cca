"""The pages of sweeps and attributions in a real browser, both languages, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import BROWSER, look, probed
from tests.end_to_end.studies import KINDS, drawn
from tests.once import Once

pytestmark = pytest.mark.skipif(not BROWSER, reason="needs Chromium")

LATE = """<script>addEventListener('load', () => {
  const tables = [...document.querySelectorAll('main table')].map(table => {
    const heads = [...table.querySelectorAll('thead th')];
    const place = heads.findIndex(head => head.classList.contains('number'));
    const head = heads[Math.max(place, 0)];
    const column = () => [...table.querySelectorAll('tbody tr')].map(row => row.cells[Math.max(place, 0)].dataset.order)
      .filter(text => text !== undefined).map(Number);
    const before = column();
    head.querySelector('button').click();
    const up = column();
    head.querySelector('button').click();
    return { id: table.id, before, up, down: column(), sorted: head.ariaSort };
  });
  const pictures = [...document.images].map(i => [i.complete && i.naturalWidth > 0, i.getBoundingClientRect().width,
                                                  i.alt.length]);
  const sheet = document.documentElement;
  parent.postMessage(JSON.stringify({ problems, tables, pictures, page: sheet.scrollWidth, window: sheet.clientWidth,
    loaded: performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:')),
    wide: document.images[0].currentSrc === document.images[0].src }), '*');
});</script>"""


FEW = {"worth": 1, "best": 1, "sensitivity": 2, "screening": 1, "flip": 3, "calibration": 2}
"""Tables of the pages that have one picture."""


@pytest.fixture(scope="module", params=[(kind, language) for kind in KINDS for language in ("en", "zh")])
def page(request: pytest.FixtureRequest, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with a probe that tells the page around it what the browser sees."""
    kind, language = request.param
    folder, _ = drawn(once, kind, language)
    return probed(folder / f"{kind}.html", LATE, tmp_path_factory.mktemp("pages") / f"{kind}-{language}.html")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_a_study_in_a_browser(page: Path, tmp_path: Path, width: int) -> None:
    """No error, no picture missing, nothing fetched, no sideways scrolling; every table sorts both ways."""
    seen = look(page, tmp_path / "profile", width)
    assert seen["problems"] == []
    assert seen["loaded"] == []
    few = {"worth": 1, "best": 1, "sensitivity": 2, "screening": 1, "flip": 3, "calibration": 2}.get(
        page.stem.split("-")[0]
    )  # tables; one picture
    assert len(seen["pictures"]) >= (2 if few is None else 1)
    assert all(there and 200 < wide <= width and words > 20 for there, wide, words in seen["pictures"])
    assert seen["page"] <= seen["window"] <= width
    assert seen["wide"] == (width == 1280)
    assert len(seen["tables"]) >= (few or 3)
    for table in seen["tables"]:
        assert table["up"] == sorted(table["before"]), table["id"]
        assert table["down"] == sorted(table["before"], reverse=True), table["id"]
        assert table["sorted"] == "descending", table["id"]

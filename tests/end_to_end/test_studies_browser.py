"""The pages of sweeps and attributions in a real browser, both languages, wide and narrow."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from experiments.command_line import main
from tests.end_to_end.studies import KINDS, run

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--virtual-time-budget=4000",
         "--host-resolver-rules=MAP * 0.0.0.0", "--window-size=1400,1000")  # fmt: skip
pytestmark = pytest.mark.skipif(not BROWSER, reason="needs Chromium")

EARLY = """<script>
window.problems = [];
for (const kind of ['error', 'warn']) {
  const plain = console[kind];
  console[kind] = (...words) => { problems.push(words.join(' ')); plain(...words); };
}
addEventListener('error', e => problems.push(String(e.message || e.type)), true);
addEventListener('securitypolicyviolation', e => problems.push(e.violatedDirective));
</script>"""
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
FRAME = """<!doctype html><pre id="outcome"></pre>
<script>addEventListener('message', e => { document.getElementById('outcome').textContent = e.data; });</script>
<iframe src="{page}" style="width: {width}px; height: 900px; border: 0"></iframe>"""


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    return {kind: run(kind, folder) for kind in KINDS}


@pytest.fixture(scope="module", params=[(kind, language) for kind in KINDS for language in ("en", "zh")])
def page(request: pytest.FixtureRequest, studies: dict[str, Path]) -> Path:
    """The page with a probe that tells the page around it what the browser sees."""
    kind, language = request.param
    assert main(["plot", str(studies[kind]), "--lang", language]) == 0
    text = (studies[kind] / f"{kind}.html").read_text(encoding="utf-8")
    path = studies[kind] / f"probed-{language}.html"
    path.write_text(
        text.replace("<title>", EARLY + "<title>", 1).replace("</body>", LATE + "</body>"), encoding="utf-8"
    )
    return path


def look(page: Path, profile: Path, width: int) -> dict[str, Any]:
    """Open the page in a frame of a width in pixels and return what the probe saw."""
    frame = page.with_name(f"frame-{width}-{page.name}")
    frame.write_text(FRAME.replace("{page}", page.name).replace("{width}", str(width)), encoding="utf-8")
    command = [BROWSER, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", frame.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r'<pre id="outcome">(.+?)</pre>', shown, re.DOTALL)
    assert found, shown[-2000:]
    outcome: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return outcome


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_a_study_in_a_browser(page: Path, tmp_path: Path, width: int) -> None:
    """No error, no picture missing, nothing fetched, no sideways scrolling; every table sorts both ways."""
    seen = look(page, tmp_path / "profile", width)
    assert seen["problems"] == []
    assert seen["loaded"] == []
    assert len(seen["pictures"]) >= 2
    assert all(there and 200 < wide <= width and words > 20 for there, wide, words in seen["pictures"])
    assert seen["page"] <= seen["window"] <= width
    assert seen["wide"] == (width == 1280)
    assert len(seen["tables"]) >= 3
    for table in seen["tables"]:
        assert table["up"] == sorted(table["before"]), table["id"]
        assert table["down"] == sorted(table["before"], reverse=True), table["id"]
        assert table["sorted"] == "descending", table["id"]

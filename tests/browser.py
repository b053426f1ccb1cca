"""A page opened in a real browser, inside a frame of some width, with a probe that tells what the browser sees."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), "")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--virtual-time-budget=4000",
    "--host-resolver-rules=MAP * 0.0.0.0",
    "--window-size=1400,1000",
)
EARLY = """<script>
window.problems = [];
for (const kind of ['error', 'warn']) {
  const plain = console[kind];
  console[kind] = (...words) => { problems.push(words.join(' ')); plain(...words); };
}
addEventListener('error', e => problems.push(String(e.message || e.type)), true);
addEventListener('securitypolicyviolation', e => problems.push(e.violatedDirective));
</script>"""
# A browser's window has a least width; a frame has none.
FRAME = """<!doctype html><pre id="outcome"></pre>
<script>addEventListener('message', e => { document.getElementById('outcome').textContent = e.data; });</script>
<iframe src="{page}" style="width: {width}px; height: 900px; border: 0"></iframe>"""


def probed(page: Path, probe: str, target: Path | None = None) -> Path:
    """Write the page with a probe: problems from the first moment, and a script that posts what it sees."""
    text = page.read_text(encoding="utf-8")
    text = text.replace("<title>", EARLY + "<title>", 1).replace("</body>", probe + "</body>")
    path = target or page
    path.write_text(text, encoding="utf-8")
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

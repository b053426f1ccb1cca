"""The brief as a PDF, printed by a browser that is there anyway."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from qipan.model.errors import Problem, UserError

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": tuple(
        rf"{os.environ.get(root, '')}\{rest}"
        for root in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        for rest in (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
    ),
}
"""Where browsers are that no path leads to."""
FLAGS = ("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--no-pdf-header-footer")
SECONDS = 120
SMALLER = 0.96
LEAST = 0.6
"""Type is made smaller by SMALLER until the page fits its sheet, but not below LEAST of its size."""
INSTEAD = "give --format html and print it from any browser, or --format docx for Word"
PAGES = re.compile(rb"/Type\s*/Page\b")


def browser() -> str:
    """Return the path of a browser that prints.

    Raises:
        UserError: there is none.
    """
    found = [shutil.which(name) for name in NAMES]
    found += [place for place in PLACES.get(sys.platform, ()) if Path(place).is_file()]
    for path in found:
        if path:
            return path
    message = "a PDF is printed by Chromium, Chrome or Edge, and none of them is installed"
    raise UserError(Problem("command line", "--format pdf", message, INSTEAD))


def printed_page(page: str) -> bytes:
    """Return a page of one sheet as PDF.

    Raises:
        UserError: there is no browser, or it prints nothing.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="qipan-", ignore_cleanup_errors=True) as place:
        content = _printed(program, page, Path(place))
        fit = float(re.search(r"--fit: ([0-9.]+)", page)[1])  # type: ignore[index]
        while len(PAGES.findall(content)) > 1 and fit > LEAST:
            fit *= SMALLER
            content = _printed(program, re.sub(r"--fit: [0-9.]+", f"--fit: {fit:.3f}", page), Path(place))
        return content


def _printed(program: str, page: str, place: Path) -> bytes:
    source, target = place / "brief.html", place / "brief.pdf"
    source.write_text(page, encoding="utf-8")
    target.unlink(missing_ok=True)
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # it refuses to start otherwise
    command = [program, *FLAGS, *root, f"--user-data-dir={place / 'profile'}", f"--print-to-pdf={target}"]
    try:
        done = subprocess.run([*command, source.as_uri()], capture_output=True, timeout=SECONDS, check=False)
        reason = f"it ended with status {done.returncode}"
    except subprocess.TimeoutExpired:
        reason = f"it did not end in {SECONDS} seconds"
    except OSError as error:
        reason = error.strerror or str(error)
    if not target.is_file():
        raise UserError(Problem("command line", "--format pdf", f"{program} printed nothing: {reason}", INSTEAD))
    return target.read_bytes()

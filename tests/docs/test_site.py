"""Pages of docs/ and the README: relative links and anchors lead somewhere, and every page is in the navigation."""

import re

import pytest
from ruamel.yaml import YAML

from tests.architecture.source import ROOT

DOCS = [path for kind in ("*.md", "*.ipynb") for path in sorted((ROOT / "docs").rglob(kind))]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS]
LINK = re.compile(r"!?\[[^\]\[]*\]\((?P<target>[^)\s]*)\)")
HEADING = re.compile(r"^#{1,6} (?P<text>.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def prose(path) -> str:
    """The text of a page without its blocks of code."""
    text = path.read_text(encoding="utf-8")
    return FENCE.sub("", text.replace('\\"', '"').replace("\\n", "\n") if path.suffix == ".ipynb" else text)


def anchors(path) -> set[str]:
    """What headings are called in an address: lower case, words joined by hyphens, the rest left out."""
    plain = (re.sub(r"[^\w\s-]", "", match["text"].lower()).strip() for match in HEADING.finditer(prose(path)))
    return {re.sub(r"[\s-]+", "-", text) for text in plain}


def dead(path) -> list[str]:
    """Relative links of a page that lead to no file, or to no heading of it."""
    found = []
    for match in LINK.finditer(re.sub(r"`[^`\n]*`", "", prose(path))):
        place, _, anchor = match["target"].partition("#")
        target = (path.parent / place).resolve() if place else path
        if place.startswith(("http:", "https:", "mailto:")):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(match["target"])
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_anchors_lead_somewhere(path):
    assert dead(path) == []


def test_a_dead_link_and_a_dead_anchor_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One, two\n[a](#one-two) [b](#three) [c](page.md#one-two) [d](no.md) [e](https://a.b/c)\n")
    assert dead(page) == ["#three", "no.md"]


def test_every_page_is_in_the_navigation_once():
    site = YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))

    def named(nav):
        if isinstance(nav, str):
            return [nav]
        return [name for each in (nav.values() if isinstance(nav, dict) else nav) for name in named(each)]

    pages = [path.relative_to(ROOT / "docs").as_posix() for path in DOCS]
    assert sorted(named(site["nav"])) == sorted(pages)
    assert site["theme"]["font"] is False and "offline" in site["plugins"]

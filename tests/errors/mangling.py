"""Hostile files, tables and words: seeds in `hostile/`, and how they are spoilt. The same cases in every run."""

import os
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from qipan.model.scenario.table import HEADER, parameter_table

ROOT = Path(__file__).resolve().parents[2]
CORPUS = sorted((ROOT / "tests" / "errors" / "hostile").iterdir())
SEEDS = {file.name: file.read_bytes() for file in CORPUS}
SCENARIO_SEEDS = [content for name, content in SEEDS.items() if name.endswith(".yaml")]
TABLE_SEEDS = [content for name, content in SEEDS.items() if name.endswith(".csv")]
CASES = int(os.environ.get("QIPAN_FUZZ_CASES", "500"))


def cases(share: float) -> settings:
    """A share of all cases for one kind of input."""
    return settings(
        max_examples=max(3, round(CASES * share)), suppress_health_check=list(HealthCheck), phases=(Phase.generate,)
    )


KEYS = list(parameter_table())
NUMBERS = [*SEEDS["numbers.txt"].decode().splitlines(), "9" * 30, "9" * 4400]
TEXTS = [*SEEDS["texts.txt"].decode().splitlines(), "", "a\u202eb", "\x00", "\x1b[31m"]
VALUES = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(TEXTS),
    st.text(max_size=12),
    st.floats().map(repr),
    st.integers().map(str),
)


@st.composite
def mangled(draw, seeds):
    """A seed with some of its bytes removed, doubled, replaced, or put into another encoding."""
    content = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        stop = min(len(content), start + draw(st.integers(0, 40)))
        new = draw(
            st.one_of(
                st.just(b""),
                st.just(content[start:stop] * 2),
                st.binary(max_size=8),
                VALUES.map(lambda text: text.encode("utf-8", "surrogatepass")),
            )
        )
        content = content[:start] + new + content[stop:]
    return reencoded(content, draw(st.sampled_from(("", "", "", "bom", "crlf", "cr", "gbk", "utf-16", "cut"))))


def reencoded(content: bytes, how: str) -> bytes:
    """The same text as another program would have saved it."""
    text = content.decode("utf-8", "replace")
    other = {
        "bom": b"\xef\xbb\xbf" + content,
        "crlf": content.replace(b"\n", b"\r\n"),
        "cr": content.replace(b"\n", b"\r"),
        "cut": content[: len(content) * 2 // 3],
        "gbk": text.encode("gbk", "replace"),
        "utf-16": text.encode("utf-16", "replace"),
    }
    return other.get(how, content)


@st.composite
def written(draw):
    """A scenario file with known and unknown keys and hostile values."""
    lines = [draw(st.sampled_from(("title: x", "title: x\nextends: baseline", "extends: ../baseline.yaml", "")))]
    for key in draw(st.lists(st.sampled_from([*KEYS, *HEADER, "policy.funding", "world.x", "y"]), max_size=6)):
        *groups, name = key.split(".")
        lines += ["  " * depth + f"{group}:" for depth, group in enumerate(groups)]
        lines.append("  " * len(groups) + f"{name}: {draw(VALUES)}")
    text = "\n".join(lines) + "\n"
    return reencoded(text.encode("utf-8", "surrogatepass"), draw(st.sampled_from(("", "", "bom", "crlf", "gbk"))))

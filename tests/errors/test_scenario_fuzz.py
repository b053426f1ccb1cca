"""Whatever stands in a file, the loader answers with a scenario or a message, never with another exception."""

import time

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qipan.model.errors import ScenarioError
from qipan.model.scenario import load_scenario
from qipan.model.scenario.table import HEADER, SECTIONS, parameter_table

LIMITS = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = sorted({part for path in parameter_table() for part in path.split(".")} | set(HEADER) | set(SECTIONS))
PIECES = [
    *KEYS,
    ": ",
    "\n",
    "\n  ",
    "\n    ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "!!int ",
    "<<: ",
    "---\n",
    "? ",
    "| \n",
    ">-\n",
    "'",
    '"',
    "#",
    "%YAML 1.1\n",
    "\t",
    "0.5",
    "1e400",
    "-1",
    ".nan",
    "true",
    "null",
    "~",
    "0x1F",
    "1_000",
    "2023-02-01",
    "９",
    "：",
    "\\u0000",
    "\\ud800",
    "baseline.yaml",
    "fuzz.yaml",
    "design",
    "无",
]


def survives(content: bytes, folder, given_settings=()) -> bool:
    """True when the loader answers as it should, within two seconds."""
    path = folder / "fuzz.yaml"
    path.write_bytes(content)
    begun = time.process_time()
    try:
        scenario = load_scenario(path, given_settings)
    except ScenarioError as error:
        str(error).encode()
        assert error.problems and all(problem.where and problem.message for problem in error.problems)
    else:
        assert len(scenario.digest()) == 64
        scenario.to_yaml().encode()
    return time.process_time() - begun < 2.0


@LIMITS
@given(content=st.binary(max_size=400))
@example(content=b"")
@example(content=b"\xff\xfe")
@example(content=b"? [a]\n: 1\n")
def test_any_bytes(content, tmp_path):
    assert survives(content, tmp_path)


@LIMITS
@given(text=st.text(max_size=200))
@example(text="\ud7ff\ue000\u2028\x85")
@example(text="- 1\n")
@example(text='"\\ud800": 1\n')
@example(text='title: "\\ud800"\n')
@example(text='policy: {coordination: {arm: "\\ud800"}}\n')
@example(text='world: {data: "\\ud800"}\n')
def test_any_text(text, tmp_path):
    assert survives(text.encode("utf-8", "surrogatepass"), tmp_path)


@LIMITS
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=30))
def test_pieces_of_scenario_files(pieces, tmp_path):
    assert survives("".join(pieces).encode(), tmp_path)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.one_of(st.integers(), st.floats(), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)


@LIMITS
@given(
    values=st.dictionaries(
        st.sampled_from([*parameter_table(), "policy", "world.data.x", "", ".", "a..b"]), VALUES, max_size=4
    )
)
def test_any_values_set_from_python(values, tmp_path):
    assert survives(b"extends: baseline.yaml\n", tmp_path, values)


@LIMITS
@given(texts=st.lists(st.text(max_size=40), max_size=3), key=st.sampled_from(list(parameter_table())))
def test_any_values_set_on_the_command_line(texts, key, tmp_path):
    assert survives(b"extends: baseline.yaml\n", tmp_path, [*texts, *(f"{key}={text}" for text in texts)])


def test_large_hostile_files_are_answered_quickly(tmp_path):
    hostile = [
        b"[" * 65_000,
        b"{" * 65_000,
        b"a: " * 20_000,
        b"- " * 30_000,
        b"? " * 30_000,
        b"&a " * 20_000,
        b"!" * 65_000,
        b'"' + b"\\x41" * 16_000 + b'": 1',
        b"'" * 65_001,
        b"a: 1\n" * 13_000,
        b"#" * 65_000,
        b"\n" * 65_000,
    ]
    assert all(survives(content, tmp_path) for content in hostile)

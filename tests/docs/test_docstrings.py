"""Every example in a docstring of model/ and experiments/ runs and shows what it says."""

import doctest
import importlib

import pytest

from tests.architecture.source import ROOT, module_name, python_files

WITH_EXAMPLES = [
    module_name(path)
    for path in python_files("model", "experiments")
    if ">>> " in (ROOT / path).read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module(name):
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert result.attempted > 0
    assert result.failed == 0, f"{result.failed} examples of {name} show something else; see the captured output"

"""Write the page of parameters, docs/parameters.md, from the parameter table."""

from pathlib import Path

from qipan.model.scenario.explaining import parameters_markdown

if __name__ == "__main__":
    Path("docs/parameters.md").write_text(parameters_markdown(), encoding="utf-8")

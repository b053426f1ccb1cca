"""A hook of mkdocs: each stored notebook of docs/ becomes a page, its cells and outputs as they were stored."""

from __future__ import annotations

import json
from typing import Any

from mkdocs.structure.files import File, Files


def on_files(files: Files, config: Any) -> Files:
    """Put a page in the place of each notebook."""
    for file in [each for each in files if each.src_uri.endswith(".ipynb")]:
        page = markdown(json.loads(file.content_string))
        files.remove(file)
        files.append(File.generated(config, file.src_uri.replace(".ipynb", ".md"), content=page))
    return files


def on_config(config: Any) -> Any:
    """Let the navigation name notebooks by their files."""
    config["nav"] = _named(config["nav"])
    return config


def _named(nav: Any) -> Any:
    if isinstance(nav, dict):
        return {key: _named(value) for key, value in nav.items()}
    return [_named(each) for each in nav] if isinstance(nav, list) else nav.replace(".ipynb", ".md")


def markdown(notebook: dict[str, Any]) -> str:
    """The text of a page: prose as it is, code and printed output as blocks, figures inline."""
    parts = list[str]()
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(text)
            continue
        parts.append(f"```python\n{text}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {"text/plain": output.get("text", [])})
            if "image/svg+xml" in data:
                parts.append("<div>" + "".join(data["image/svg+xml"]).strip() + "</div>")
            else:
                parts.append("```text\n" + "".join(data["text/plain"]).rstrip("\n") + "\n```")
    return "\n\n".join(parts) + "\n"

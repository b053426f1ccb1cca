from pathlib import Path
p=Path("pyproject.toml"); s=p.read_text()
if "known-first-party" not in s:
    s=s.replace('[tool.ruff.lint.pydocstyle]','[tool.ruff.lint.isort]\nknown-first-party = ["qipan", "tests", "bench", "pages"]\n\n[tool.ruff.lint.pydocstyle]')
    p.write_text(s)

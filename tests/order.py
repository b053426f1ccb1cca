"""Which test files start first when two workers share them, so that neither is left alone with a long one at the end.

The longest first; those that compile apart from one another; those that read what another has drawn long after it.
"""

FIRST = (
    "laws/test_compiled.py",
    "end_to_end/test_cluster.py",
    "end_to_end/test_processes.py",
    "end_to_end/test_studies.py",
    "rules/test_figures_files.py",
    "rules/test_figures.py",
    "end_to_end/test_flags.py",
    "closed_form/test_engine_break_even.py",
    "rules/test_figures_report.py",
    "errors/test_hostile_input.py",
    "rules/test_sweep.py",
    "end_to_end/test_kill.py",
    "rules/test_importance.py",
    "rules/test_compiled_kernels.py",
    "closed_form/test_engine_noise.py",
    "closed_form/test_engine_attribution.py",
    "rules/test_executing.py",
    "end_to_end/test_failures_and_exports.py",
    "rules/test_attribution_tables.py",
    "closed_form/test_engine_games.py",
    "end_to_end/test_studies_browser.py",
    "rules/test_figures_browser.py",
    "laws/test_random_worlds.py",
    "closed_form/test_engine_exact.py",
    "rules/test_faults.py",
    "rules/test_summaries.py",
)
"""Names below tests/."""


def place(file: str) -> int:
    """Where a file comes, by its path below tests/: all that are not listed come after those that are."""
    return FIRST.index(file) if file in FIRST else len(FIRST)

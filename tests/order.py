"""Which test files start first when two workers share them, so that neither is left alone with a long one at the end.

By the processor time that they take, the longest first; those that compile apart from one another; those that read what
another has drawn long after it.
"""

FIRST = (
    "laws/test_compiled.py",
    "end_to_end/test_cluster.py",
    "experiments/figures/test_figures.py",
    "end_to_end/test_flags.py",
    "end_to_end/test_studies.py",
    "docs/test_tutorials.py",
    "contracts/test_seams.py",
    "experiments/report/test_figures_report.py",
    "closed_form/test_engine_break_even.py",
    "experiments/figures/test_figures_files.py",
    "end_to_end/test_processes.py",
    "errors/test_hostile_input.py",
    "end_to_end/test_kill.py",
    "experiments/designs/test_sweep.py",
    "end_to_end/test_exchange_files.py",
    "end_to_end/test_interrupts.py",
    "closed_form/test_engine_noise.py",
    "experiments/summaries/test_family.py",
    "experiments/runs/test_workers.py",
    "end_to_end/test_failures_and_exports.py",
    "errors/test_endings.py",
    "experiments/designs/test_importance.py",
    "experiments/runs/test_executing.py",
    "end_to_end/test_hangs.py",
    "closed_form/test_engine_attribution.py",
    "experiments/store/test_faults.py",
    "model/test_compiled_kernels.py",
    "experiments/summaries/test_summaries.py",
    "experiments/designs/test_attribution_tables.py",
    "model/test_compile_cache.py",
    "contracts/test_parameters.py",
    "closed_form/test_engine_games.py",
    "end_to_end/test_studies_browser.py",
    "experiments/report/test_figures_browser.py",
    "laws/test_conservation.py",
    "laws/test_mesa.py",
    "laws/test_random_worlds.py",
    "closed_form/test_engine_exact.py",
)
"""Names below tests/."""


def place(file: str) -> int:
    """Where a file comes, by its path below tests/: all that are not listed come after those that are."""
    return FIRST.index(file) if file in FIRST else len(FIRST)

"""Experiments with the model: run and compare arms, store results, draw figures, write the report, the command line."""

"""From tables to sentences, for the terminal, figures and pages."""

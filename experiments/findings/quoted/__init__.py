"""Figures that are stored with the code and quoted beside shipped policies, with whether they are stale."""

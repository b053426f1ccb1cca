"""The ten phases of a year. Wiring only: where a stock's name meets a rule's argument."""

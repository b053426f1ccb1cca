"""The ten phases of a year, each written once: cells, which one replicate's pair, region or sector goes through, and
between them reductions with names.
"""

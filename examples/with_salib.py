"""Sobol indices of a design's welfare over five assumptions, by SALib."""

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling

from qipan import evaluate, space

chosen = space("national-design").only("levy", "compliance", "planner_error", "value_spread", "spillover")
problem = {"num_vars": len(chosen), "names": list(chosen), "bounds": chosen.bounds}
points = sampling.sample(problem, 4, calc_second_order=False)
gains = [
    evaluate(
        dict(zip(chosen, point, strict=True)),
        ["welfare"],
        10,
        scenario="national-design",
        against="baseline",
    )["welfare"]
    for point in points
]
indices = analysis.analyze(problem, np.array(gains), calc_second_order=False)
print(dict(zip(chosen, indices["ST"].round(2).tolist(), strict=True)))

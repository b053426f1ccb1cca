"""The levy and the weight of the national list with the largest gain in output, searched by Optuna."""

import optuna

from qipan import evaluate, space

chosen = space("national-design").only("levy", "list_weight")


def gain(trial: optuna.Trial) -> float:
    """Output at the end less that without a coordinator, bn yuan."""
    settings = {name: trial.suggest_float(name, *each.range) for name, each in chosen.items()}
    return evaluate(settings, ["output_total"], 10, scenario="national-design", against="baseline")["output_total"]


study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=1))
study.optimize(gain, n_trials=8)
print(study.best_params, round(study.best_value, 1))

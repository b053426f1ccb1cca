"""Policies against deep uncertainty, by the EMA Workbench: levers of the policy, uncertainties of the world."""

from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

from qipan import evaluate, space

every, measures = space("national-design"), ["welfare", "excess_entry"]
levers, doubts = every.policy.only("levy", "list_weight"), every.world.only("value_spread", "spillover", "margin")
short = {name.replace(".", "_"): name for name in [*levers, *doubts]}
model = Model(
    "qipan",
    function=lambda **given: evaluate(
        {short[key]: given[key] for key in given}, measures, 10, scenario="national-design", against="baseline"
    ),
)
model.levers = [RealParameter(name.replace(".", "_"), *each.range) for name, each in levers.items()]
model.uncertainties = [RealParameter(name.replace(".", "_"), *each.range) for name, each in doubts.items()]
model.outcomes = [ScalarOutcome(name) for name in measures]
experiments, outcomes = perform_experiments(model, scenarios=4, policies=2)
print({name: values.round(2).tolist() for name, values in outcomes.items()})

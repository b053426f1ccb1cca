"""Watch a model year by year in the browser, with the coordinator switched on and off: `solara run with_solara.py`."""

from mesa.visualization import Slider, SolaraViz, make_plot_component

from qipan import PolicyModel

parameters = {
    "scenario": "national-design",
    "coordinator": {"type": "Checkbox", "value": True, "label": "Coordinator"},
    "levy": Slider("Levy", value=0.2, min=0.0, max=0.4, step=0.05),
    "seed": Slider("Seed", value=1, min=1, max=50, step=1),
}
page = SolaraViz(
    PolicyModel("national-design", seed=1),
    components=[make_plot_component("output"), make_plot_component("investment")],
    model_params=parameters,
    name="qipan",
)

"""The independent Mesa implementation of `bench/` and the model: the same year, number by number, on the same draws."""

import numpy as np
import pytest

from bench.mesa_peer import Peer
from bench.sources import AddressedSource
from qipan import load_scenario, load_world, run
from qipan.model.draws import Draws
from tests.laws.cases import MONEY_ON

YEARS = 6
SMALL = {"world.data": "synthetic", "world.regions": 7, "world.sector_count": 4}


@pytest.mark.parametrize(
    "settings", [{}, SMALL, {"policy.funding.guidance_draw": -0.5, "policy.funding.carry_over": 0.0}, MONEY_ON]
)
def test_an_independent_implementation_agrees(settings: dict[str, object]) -> None:
    scenario = load_scenario("baseline").replace(**{"run.last_year": 2022 + YEARS, **settings})
    world, history = load_world(scenario.world), run(scenario, replicates=range(1))
    peer = Peer(
        scenario, world, AddressedSource(Draws(scenario.run.seed, np.arange(1), world.region_ids, world.sector_ids))
    )
    for year in range(YEARS):
        peer.step()
        for name, values in seen(peer).items():
            expected = history[name][0, year]
            np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max(), err_msg=name)


def seen(peer: Peer) -> dict[str, np.ndarray]:
    """The peer's year, laid out as in a history."""
    pairs = {name: [getattr(region, name) for region in peer.regions] for name in ("layout", "portfolio", "capacity")}
    flows = {name: [getattr(region, name) for region in peer.regions] for name in ("output", "sold")}
    nation = {
        "adopted": [region.adopted for region in peer.regions],
        "arrears": [sum(region.arrears) for region in peer.regions],
        "demand": peer.demand,
        "utilisation": peer.used,
        "price": peer.price,
        "breakthrough": peer.breakthrough,
        "foreign": peer.foreign,
        "returned": peer.returned,
        "lost": peer.lost,
        "money": np.sum(peer.money, axis=2),
        "lapsed": sum(sum(region.lapsed) for region in peer.regions),
        "public_balance": sum(sum(map(sum, region.balance)) for region in peer.regions),
    }
    return {name: np.asarray(values, dtype=float) for name, values in (pairs | flows | nation).items()}

"""A history taken elsewhere says the same."""

import numpy as np
import pytest
import xarray

from qipan import History, run
from qipan.model.errors import StoreError
from qipan.model.history import LEVELS
from tests.laws.cases import differing, small


@pytest.fixture(scope="module")
def history():
    return run(small(years=2), replicates=range(3))


def test_saved_and_loaded(history, tmp_path):
    history.save(tmp_path / "h")
    again = History.load(tmp_path / "h")
    assert differing(history, again) == []
    assert again.scenario.digest() == history.scenario.digest()


def test_a_broken_store_is_named(tmp_path):
    (tmp_path / "history.npz").write_text("nothing")
    with pytest.raises(StoreError, match="not a stored history"):
        History.load(tmp_path)


def test_frame_has_one_row_for_each_label(history):
    frame = history.to_frame()
    assert len(frame) == 3 * 2 * 9 * 5
    row = frame.iloc[-1]
    assert (row["replicate"], row["year"]) == (2, 2024)
    assert row["output"] == history["output"][2, 1, 8, 4]


@pytest.mark.parametrize("level", list(LEVELS))
def test_totals_survive_the_frame(history, level):
    frame = history.to_frame(level)
    for name in set(frame.columns) & set(history.arrays):
        np.testing.assert_allclose(frame[name].sum(), history[name].sum(), rtol=1e-12)


def test_unknown_level(history):
    with pytest.raises(ValueError, match="must be one of region_sector"):
        history.to_frame("village")


def test_dataset_is_labelled(history):
    data = history.to_xarray()
    year = data["output"].sel(year=2024, replicate=1).sum().item()
    assert year == pytest.approx(history["output"][1, 1].sum())
    assert data["output"].attrs["unit_label"] == "bn yuan"
    assert data["output"].attrs["units"] == "1e9"
    assert data["money"].dims == ("replicate", "year", "mechanism", "stage")


def test_a_netcdf_file_says_the_same_and_what_made_it(history, tmp_path):
    """Attributes as the CF conventions name them (1.8, section 2.6); the file begins as every HDF5 file does."""
    file = history.to_netcdf(tmp_path / "h.nc")
    assert file.read_bytes().startswith(b"\x89HDF\r\n")
    assert history.to_netcdf(tmp_path / "again.nc").read_bytes() == file.read_bytes()
    with xarray.open_dataset(file) as data:
        assert data.attrs["Conventions"] == "CF-1.8"
        assert {"title", "source", "history"} <= set(data.attrs)
        assert data.attrs["seed"] == history.scenario.run.seed
        assert data.attrs["scenario_digest"] == history.scenario.digest()
        assert list(data["sector"].values) == list(history.world.sector_codes)
        for name, array in history.arrays.items():
            np.testing.assert_array_equal(data[name].to_numpy(), array)

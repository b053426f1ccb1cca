"""Files for other tools: workbooks, NetCDF, IAMC tables, data packages."""

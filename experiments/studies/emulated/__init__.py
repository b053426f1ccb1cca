"""Studies that stand on emulators: sensitivity, flip, calibrate."""

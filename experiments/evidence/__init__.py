"""Evidence: an emulator of paired effects, what the answer hangs on, where it reverses, what the data refute."""

"""History matching: published facts as patterns, waves that rule out worlds, and what is left."""

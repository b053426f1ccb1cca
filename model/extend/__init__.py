"""Things of a user: registries they are added to, modules that add them, answers of their classes checked."""

"""The national coordinator: arms, levers, mandates, and the planning problems it solves on a noisy view."""

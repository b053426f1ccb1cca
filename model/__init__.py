"""The model: regions that choose, money that flows, a coordinator; `qipan.model.step` is one year."""

"""How a region chooses: what it sees, utility and choice, who revises, its peers."""

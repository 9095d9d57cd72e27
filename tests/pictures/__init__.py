"""Pictures of the bot for the README, drawn by the simulated Discord."""

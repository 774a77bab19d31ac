"""BMA Campaigns: from a sentence to answered campaigns. Start at `docs/architecture.md`."""

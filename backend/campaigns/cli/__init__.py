"""The terminal door: `campaigns ...`."""

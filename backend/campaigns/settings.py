"""Every setting, read once at the start and checked; secrets are masked when shown."""

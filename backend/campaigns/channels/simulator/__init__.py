"""Stand-in providers on this machine: they accept, deliver, read, fail and reply."""

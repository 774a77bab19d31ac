"""Durable work on DBOS: batches, timers and recovery; our own rows stay the truth."""

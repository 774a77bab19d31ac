"""Wires ports to adapters; the only module that owns the clock, mints ids and picks adapters."""

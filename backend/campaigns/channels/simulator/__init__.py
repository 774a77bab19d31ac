"""Simulated providers for every channel: they take, deliver, read, fail and answer."""

from campaigns.channels.simulator.box import FILE_NAME, Box
from campaigns.channels.simulator.carrier import Faults, SimulatedCarrier

__all__ = ["FILE_NAME", "Box", "Faults", "SimulatedCarrier"]

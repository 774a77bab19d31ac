"""Providers over real HTTP on this machine: stateful, as strict as their documentation.

The in-process simulators (`simulator.carrier`) show what a campaign looks like; these prove that
what the real carriers send is what the providers take, and that nothing is lost or doubled when
a provider is slow, wrong, away, or tells its news twice, late or never.

    whatsapp.py   Meta's Cloud API          whatsapp_rules.py   what it takes and refuses
    line.py       LINE's Messaging API      line_rules.py       what it takes and refuses
    faults.py     what goes wrong           herald.py           webhooks, with what goes wrong there
    server.py     a server in a thread      control.py          the same by HTTP
"""

from campaigns.channels.simulator.http.faults import Faults, Trouble
from campaigns.channels.simulator.http.line import LineSimulator
from campaigns.channels.simulator.http.server import serving
from campaigns.channels.simulator.http.whatsapp import WhatsAppSimulator

__all__ = ["Faults", "LineSimulator", "Trouble", "WhatsAppSimulator", "serving"]

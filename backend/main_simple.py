"""The ASGI application under the name the specification gives: `uvicorn main_simple:app`.

Settings come from the environment; see docs/settings.md. `campaigns serve` does the same with
options and prints a one-time admin key.
"""

from campaigns.app import FromEnvironment

app = FromEnvironment()

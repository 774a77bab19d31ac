"""Meta and LINE on this machine: `python -m campaigns.channels.simulator.http`.

Prints the settings with which the product takes them for the real ones.
"""

import argparse
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime

from campaigns.channels.simulator.http.control import line_app, whatsapp_app
from campaigns.channels.simulator.http.line import LineSimulator
from campaigns.channels.simulator.http.server import serving
from campaigns.channels.simulator.http.whatsapp import WhatsAppSimulator


def main() -> None:
    """Serve until interrupted."""
    asked = argparse.ArgumentParser(prog="campaigns.channels.simulator.http", description=__doc__)
    asked.add_argument("--callback", default="http://127.0.0.1:8000", help="where webhooks go")
    asked.add_argument("--whatsapp-port", type=int, default=8101)
    asked.add_argument("--line-port", type=int, default=8102)
    given = asked.parse_args()
    meta, line = WhatsAppSimulator(_now), LineSimulator(_now)
    with ExitStack() as stack:
        urls = [
            stack.enter_context(serving(app, port=port))
            for app, port in (
                (whatsapp_app(meta), given.whatsapp_port),
                (line_app(line), given.line_port),
            )
        ]
        for simulator, path in ((meta, "whatsapp"), (line, "line")):
            simulator.herald.callback = f"{given.callback}/webhooks/{path}"
            simulator.herald.start()
            stack.callback(simulator.herald.stop)
        sys.stdout.write("\n".join(_settings(meta, line, urls)) + "\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _settings(meta: WhatsAppSimulator, line: LineSimulator, urls: list[str]) -> list[str]:
    return [
        f"export CAMPAIGNS_WHATSAPP_URL={urls[0]}",
        f"export CAMPAIGNS_WHATSAPP_VERSION={meta.own.version}",
        f"export WHATSAPP_ACCESS_TOKEN={meta.own.token}",
        f"export WHATSAPP_PHONE_NUMBER_ID={meta.own.phone_number_id}",
        f"export WHATSAPP_BUSINESS_ACCOUNT_ID={meta.own.business_account_id}",
        f"export WHATSAPP_APP_SECRET={meta.own.app_secret}",
        "export WHATSAPP_VERIFY_TOKEN=any-words-of-yours",
        f"export CAMPAIGNS_LINE_URL={urls[1]}",
        f"export LINE_CHANNEL_ACCESS_TOKEN={line.own.token}",
        f"export LINE_CHANNEL_SECRET={line.own.channel_secret}",
    ]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a provider in a process of its own has its own clock


if __name__ == "__main__":
    main()

"""`serve`, `worker` and `demo`: the commands that stay."""

import signal
import socket
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from campaigns.cli.console import out, refusing
from campaigns.cli.options import Book, Data, Simulate, Today, given
from campaigns.model.errors import SettingInvalid

if TYPE_CHECKING:
    from campaigns.bootstrap import Services

Host = Annotated[str, typer.Option(help="Where to listen.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="The port to listen on; 0 picks one.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (demo, serve, worker):
        app.command(name=command.__name__)(refusing(command))


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    book: Book = None,
    data: Data = None,
    today: Today = None,
    simulate: Simulate = False,
) -> None:
    """Serve the console and the API, and send what is approved."""
    from campaigns import bootstrap, logs, settings

    options = given(book, data, today, simulate)
    chosen = settings.read(**options)
    if not chosen.campaigns_public_url:
        chosen = settings.read(**options, campaigns_public_url=f"http://{_shown(host)}:{port}")
    logs.set_up(chosen.campaigns_log)
    listening = _listen(host, port)
    with bootstrap.opened(chosen, working=True) as services:
        _run(services, listening, host)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise SettingInvalid(
            f"cannot listen on {host}:{port} ({error.strerror}). Choose another with --port."
        ) from error
    return listening


def _run(services: "Services", listening: socket.socket, host: str) -> None:
    import uvicorn

    from campaigns.app import create_app, greet

    # Plain lines: scripts read them.
    address = f"http://{_shown(host)}:{listening.getsockname()[1]}"
    typer.echo(f"BMA Campaigns on {address}")
    greet(services, address)

    config = uvicorn.Config(
        create_app(services),
        log_config=None,
        access_log=False,
        server_header=False,
        # An open event stream must not keep the server from ending.
        timeout_graceful_shutdown=2,
        lifespan="off",
    )
    uvicorn.Server(config).run(sockets=[listening])


def worker(
    book: Book = None, data: Data = None, today: Today = None, simulate: Simulate = False
) -> None:
    """Send what is approved, without serving; stops on Ctrl-C or SIGTERM."""
    from campaigns import bootstrap, logs, settings

    chosen = settings.read(**given(book, data, today, simulate))
    logs.set_up(chosen.campaigns_log)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    with bootstrap.opened(chosen, working=True):
        typer.echo("Working. Ctrl-C ends it; what is under way is seen through.")
        stop.wait()


def demo(
    book: Book = None,
    today: Today = "2025-09-15",
    data: Data = None,
    console: Annotated[
        bool | None, typer.Option("--serve/--no-serve", help="Serve afterwards; asks if absent.")
    ] = None,
    port: Port = 8000,
) -> None:
    """Play the whole main job on the sample book: simulated channels, nothing leaves."""
    import tempfile

    from campaigns import bootstrap, logs, settings
    from campaigns.cli.demo import play

    logs.set_up("warning")
    with tempfile.TemporaryDirectory(prefix="campaigns-demo-") as folder:
        options: dict[str, Any] = {
            **given(book, data or Path(folder), today, simulate=True),
            "campaigns_hold_seconds": 0,
            "campaigns_simulator_speed": 4.0,
            "campaigns_public_url": f"http://127.0.0.1:{port}",
        }
        with bootstrap.opened(settings.read(**options), working=True) as services:
            play(services)
            if _wanted(console):
                listening = _listen("127.0.0.1", port)
                _run(services, listening, "127.0.0.1")


def _wanted(answer: bool | None) -> bool:
    if answer is not None:
        return answer
    if not out.is_terminal:
        out.print("Open the console yourself: campaigns serve --simulate, then its address")
        return False
    return typer.confirm("Serve it now, to look around in the console?", default=True)

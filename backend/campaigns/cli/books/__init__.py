"""`campaigns book ...`: look into the customer book, put it right, bring customers in."""

import typer

from campaigns.cli.books import check, edit, explain, imports, show

app = typer.Typer(help="The customer book.", no_args_is_help=True)
for part in (check, show, explain, edit, imports):
    part.register(app)

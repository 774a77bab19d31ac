"""The terminal door: `campaigns ...`.

Each command's body imports what it needs, so that `campaigns --help` answers at once.
"""

import typer

from campaigns.cli import (
    admin,
    ai,
    answers,
    automations,
    books,
    campaigns,
    composing,
    control,
    doubts,
    individual,
    people,
    reach,
    running,
    senders,
    sending,
    variants,
)
from campaigns.cli.templates import templates

app = typer.Typer(
    name="campaigns",
    help="From a sentence to answered campaigns, for people who sell background music.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
running.register(app)
campaigns.register(app)
sending.register(app)
composing.register(app)
control.register(app)
doubts.register(app)
answers.register(app)
app.add_typer(senders.app, name="sender")
reach.register(app)
app.add_typer(books.app, name="book")
app.add_typer(automations.app, name="automations")
app.add_typer(variants.app, name="variants")
app.add_typer(individual.app, name="individual")
app.add_typer(ai.app, name="ai")
app.add_typer(admin.keys, name="keys")
app.add_typer(people.people, name="people")
app.add_typer(admin.audit, name="audit")
app.add_typer(admin.channel, name="channel")
app.add_typer(templates, name="templates")
app.add_typer(admin.db, name="db")
admin.register(app)

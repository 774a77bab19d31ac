"""Which carrier carries each channel: the real one, its simulator, or none yet."""

from collections.abc import Callable, Mapping

from campaigns.channels import simulator
from campaigns.channels.email import dress as email_dress
from campaigns.channels.email import mime, smtp
from campaigns.channels.line import dress as line_dress
from campaigns.channels.unready import UnreadyCarrier
from campaigns.channels.whatsapp import dress as whatsapp_dress
from campaigns.model.customer import Channel
from campaigns.model.delivery import Quota
from campaigns.model.facts import Facts
from campaigns.model.message import Message, Template
from campaigns.model.ports import Carrier, Clock
from campaigns.model.text import CohortText, Rendered
from campaigns.settings import Settings

HOUR_S = 3_600
DAY_S = 24 * HOUR_S

Dressed = tuple[str | None, Template | None]
Form = tuple[Callable[[CohortText, Rendered, Facts], Dressed], Callable[[Message], str | None]]


def carriers_for(
    settings: Settings, clock: Clock, box: simulator.Box, secret: str
) -> Mapping[Channel, Carrier]:
    """Return a carrier for every channel; one that is not configured says what is missing."""
    quotas = {
        Channel.WHATSAPP: Quota(limit=settings.campaigns_whatsapp_per_day, window_s=DAY_S),
        Channel.LINE: Quota(limit=settings.campaigns_line_per_request, window_s=0),
        Channel.EMAIL: Quota(limit=settings.campaigns_email_per_hour, window_s=HOUR_S),
    }
    forms = _forms(settings)
    made: dict[Channel, Carrier] = {}
    for channel, (dress, problem) in forms.items():
        quota = quotas[channel]
        if channel in settings.campaigns_simulate:
            made[channel] = simulator.SimulatedCarrier(
                channel,
                quota,
                box,
                clock,
                dress=dress,
                problem=problem,
                speed=settings.campaigns_simulator_speed,
            )
        elif channel is Channel.EMAIL and settings.smtp_server and settings.campaign_email_sender:
            made[channel] = _smtp(settings, quota, clock, secret, (dress, problem))
        else:
            made[channel] = UnreadyCarrier(
                channel=channel,
                quota=quota,
                ready=_missing(settings, channel),
                dresser=dress,
                judge=problem,
            )
    return made


def _smtp(settings: Settings, quota: Quota, clock: Clock, secret: str, form: Form) -> Carrier:
    password = settings.campaign_email_password
    return smtp.SmtpCarrier(
        smtp.SmtpServer(
            host=settings.smtp_server or "",
            port=settings.smtp_port,
            security=smtp.Security(settings.campaigns_smtp_security.value),
            password=password.get_secret_value() if password else None,
        ),
        mime.Letterhead(
            address=settings.campaign_email_sender or "",
            name=settings.campaigns_sender,
            secret=secret,
            public_url=settings.campaigns_public_url,
        ),
        quota,
        clock,
        dress=form[0],
        problem=form[1],
    )


def _forms(settings: Settings) -> Mapping[Channel, Form]:
    """Return how each channel dresses a text and judges a message's form."""
    reply_to = settings.campaign_email_sender

    def mail(text: CohortText, rendered: Rendered, facts: Facts) -> Dressed:
        brand = settings.campaigns_sender
        return email_dress.dress(text, rendered, facts, brand=brand, reply_to=reply_to), None

    def template(text: CohortText, rendered: Rendered, facts: Facts) -> Dressed:
        return None, whatsapp_dress.dress(text, rendered)

    def plain(text: CohortText, rendered: Rendered, facts: Facts) -> Dressed:
        return None, None

    return {
        Channel.WHATSAPP: (template, whatsapp_dress.problem),
        Channel.LINE: (plain, line_dress.problem),
        Channel.EMAIL: (mail, email_dress.problem),
    }


def _missing(settings: Settings, channel: Channel) -> str:
    """Return what a channel that is neither configured nor simulated needs."""
    if channel is Channel.EMAIL:
        wanted = {
            "SMTP_SERVER": settings.smtp_server,
            "CAMPAIGN_EMAIL_SENDER": settings.campaign_email_sender,
        }
        names = " and ".join(name for name, value in wanted.items() if not value)
        return f"e-mail is not configured: set {names}"
    return (
        f"{channel.value} is not configured: this version sends by {channel.value} to its "
        f"simulator only (--simulate or CAMPAIGNS_SIMULATE={channel.value})"
    )

"""Which carrier carries each channel: the real one, its simulator, or none yet."""

from collections.abc import Callable, Mapping

from pydantic import SecretStr

from campaigns.channels import simulator
from campaigns.channels.email import dress as email_dress
from campaigns.channels.email import inbound, mailbox, mime, smtp
from campaigns.channels.line import dress as line_dress
from campaigns.channels.line.carrier import LineCarrier
from campaigns.channels.line.webhook import LineWebhook
from campaigns.channels.unready import UnreadyCarrier
from campaigns.channels.whatsapp import dress as whatsapp_dress
from campaigns.channels.whatsapp.carrier import Account, Desk, WhatsAppCarrier
from campaigns.channels.whatsapp.management import GraphTemplates, Management
from campaigns.channels.whatsapp.webhook import WhatsAppWebhook
from campaigns.channels.wire import Endpoint
from campaigns.model.customer import Channel
from campaigns.model.delivery import Quota
from campaigns.model.facts import Facts
from campaigns.model.message import Message, Template
from campaigns.model.ports import Carrier, Clock, TemplateApi, Webhook
from campaigns.model.text import CohortText, Rendered
from campaigns.settings import Settings

HOUR_S = 3_600
DAY_S = 24 * HOUR_S

Dressed = tuple[str | None, Template | None]
Form = tuple[Callable[[CohortText, Rendered, Facts], Dressed], Callable[[Message], str | None]]


def carriers_for(
    settings: Settings, clock: Clock, box: simulator.Box, secret: str, desk: Desk
) -> Mapping[Channel, Carrier]:
    """Return a carrier for every channel; one that is not configured says what is missing."""
    quotas = {
        Channel.WHATSAPP: Quota(limit=settings.campaigns_whatsapp_per_day, window_s=DAY_S),
        Channel.LINE: Quota(limit=settings.campaigns_line_per_request, window_s=0),
        Channel.EMAIL: Quota(limit=settings.campaigns_email_per_hour, window_s=HOUR_S),
    }
    made: dict[Channel, Carrier] = {}
    for channel, form in _forms(settings).items():
        quota = quotas[channel]
        if channel in settings.campaigns_simulate:
            made[channel] = simulator.SimulatedCarrier(
                channel,
                quota,
                box,
                clock,
                dress=form[0],
                problem=form[1],
                speed=settings.campaigns_simulator_speed,
                heard_at=desk.heard_at,
            )
        elif missing := _missing(settings, channel):
            made[channel] = UnreadyCarrier(
                channel=channel, quota=quota, ready=missing, dresser=form[0], judge=form[1]
            )
        elif channel is Channel.EMAIL:
            made[channel] = _smtp(settings, quota, clock, secret, form)
        elif channel is Channel.LINE:
            made[channel] = LineCarrier(
                line_endpoint(settings), quota, dress=form[0], problem=form[1]
            )
        else:
            made[channel] = _whatsapp(settings, quota, clock, desk, form)
    return made


def webhooks_for(settings: Settings, secret: str) -> Mapping[Channel, Webhook]:
    """Return a reader for every channel whose secret is known, and for our mailbox."""
    readers: dict[Channel, Webhook] = {}
    if mail_server(settings) is not None:
        readers[Channel.EMAIL] = inbound.InboundMail(letterhead(settings, secret))
    if settings.whatsapp_app_secret:
        readers[Channel.WHATSAPP] = WhatsAppWebhook(
            settings.whatsapp_app_secret.get_secret_value(), settings.whatsapp_phone_number_id or ""
        )
    if settings.line_channel_secret:
        readers[Channel.LINE] = LineWebhook(settings.line_channel_secret.get_secret_value())
    return readers


def template_api(settings: Settings) -> tuple[TemplateApi | None, str]:
    """Return the template API, or None and what it needs."""
    if Channel.WHATSAPP in settings.campaigns_simulate:
        return None, "WhatsApp is simulated: every template counts as approved."
    missing = _missing(settings, Channel.WHATSAPP)
    if missing:
        return None, missing
    own = Management(
        base_url=_graph(settings),
        token=_plain(settings.whatsapp_access_token),
        business_account_id=settings.whatsapp_business_account_id or "",
    )
    return GraphTemplates(own), ""


def line_endpoint(settings: Settings) -> Endpoint:
    """Return where LINE is, and our token."""
    token = _plain(settings.line_channel_access_token)
    return Endpoint(base_url=settings.campaigns_line_url, token=token)


def _whatsapp(settings: Settings, quota: Quota, clock: Clock, desk: Desk, form: Form) -> Carrier:
    endpoint = Endpoint(base_url=_graph(settings), token=_plain(settings.whatsapp_access_token))
    return WhatsAppCarrier(
        Account(endpoint=endpoint, phone_number_id=settings.whatsapp_phone_number_id or ""),
        quota,
        clock,
        desk,
        dress=form[0],
        problem=form[1],
    )


def _graph(settings: Settings) -> str:
    return f"{settings.campaigns_whatsapp_url}/{settings.campaigns_whatsapp_version}"


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def letterhead(settings: Settings, secret: str) -> mime.Letterhead:
    """Return what is the same on every mail."""
    return mime.Letterhead(
        address=settings.campaign_email_sender or "",
        name=settings.campaigns_sender,
        secret=secret,
        public_url=settings.campaigns_public_url,
        reply_domain=settings.campaigns_reply_domain,
        former=settings.former_keys,
    )


def mail_server(settings: Settings) -> mailbox.ImapServer | None:
    """Return where our own mailbox is, None when e-mail is simulated or no mailbox is set."""
    password = settings.campaign_email_password
    if Channel.EMAIL in settings.campaigns_simulate or settings.campaigns_imap_server is None:
        return None
    return mailbox.ImapServer(
        host=settings.campaigns_imap_server,
        port=settings.campaigns_imap_port,
        security=mailbox.Security(settings.campaigns_imap_security.value),
        user=settings.campaign_email_sender or "",
        password=password.get_secret_value() if password else "",
        folder=settings.campaigns_imap_folder,
    )


def _smtp(settings: Settings, quota: Quota, clock: Clock, secret: str, form: Form) -> Carrier:
    password = settings.campaign_email_password
    return smtp.SmtpCarrier(
        smtp.SmtpServer(
            host=settings.smtp_server or "",
            port=settings.smtp_port,
            security=smtp.Security(settings.campaigns_smtp_security.value),
            password=password.get_secret_value() if password else None,
        ),
        letterhead(settings, secret),
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
    """Return what a channel needs before it is real, "" when nothing."""
    wanted: Mapping[Channel, Mapping[str, object]] = {
        Channel.EMAIL: {
            "SMTP_SERVER": settings.smtp_server,
            "CAMPAIGN_EMAIL_SENDER": settings.campaign_email_sender,
        },
        Channel.WHATSAPP: {
            "WHATSAPP_ACCESS_TOKEN": settings.whatsapp_access_token,
            "WHATSAPP_PHONE_NUMBER_ID": settings.whatsapp_phone_number_id,
            "WHATSAPP_BUSINESS_ACCOUNT_ID": settings.whatsapp_business_account_id,
        },
        Channel.LINE: {"LINE_CHANNEL_ACCESS_TOKEN": settings.line_channel_access_token},
    }
    names = [name for name, value in wanted[channel].items() if not value]
    if not names:
        return ""
    word = "e-mail" if channel is Channel.EMAIL else channel.value
    return f"{word} is not configured: set {', '.join(names)}, or try it with --simulate"

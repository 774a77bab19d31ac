"""What the people who run the house decided, from its settings."""

from campaigns.book.amounts import currency_code
from campaigns.model.customer import Channel
from campaigns.model.errors import SettingInvalid
from campaigns.model.house import House
from campaigns.model.standing import Thresholds
from campaigns.settings import Settings


def house_of(settings: Settings) -> House:
    """Return the house's decisions; raises `SettingInvalid` for a currency no book knows."""
    own = {
        Channel.EMAIL: settings.campaigns_test_email,
        Channel.WHATSAPP: settings.campaigns_test_whatsapp,
        Channel.LINE: settings.campaigns_test_line,
    }
    return House(
        sender=settings.campaigns_sender,
        timezone=settings.campaigns_timezone,
        public_url=settings.campaigns_public_url,
        hold_s=settings.campaigns_hold_seconds,
        four_eyes=settings.campaigns_four_eyes,
        high_value=_high_value(settings),
        test_addresses={channel: address for channel, address in own.items() if address},
    )


def _high_value(settings: Settings) -> Thresholds:
    """Return the thresholds; a code no price can have would look after nobody, silently."""
    for code in settings.campaigns_high_value:
        if currency_code(code) != code:
            raise SettingInvalid(
                f"CAMPAIGNS_HIGH_VALUE: {code!r} is no currency of the book; use an ISO 4217 code "
                "such as THB, or add a row to lists/currencies.csv"
            )
    return settings.campaigns_high_value

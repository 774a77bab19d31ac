"""Which text a customer gets: tone, language and the cohort they make."""

from collections.abc import Mapping, Sequence

from campaigns.model.customer import Channel, Contact, Customer, Source
from campaigns.model.plan import CampaignType, Plan, Tone
from campaigns.model.text import Cohort


def tone_for(customer: Customer, plan: Plan, tones: Mapping[str, Tone]) -> Tone:
    """Return the tone of texts to `customer`.

    The plan's own tone wins. `tones` maps brands, brand groups and business types, in lower
    case, to tones and is asked in that order; "" holds the tone for everybody else.
    """
    if plan.tone is not None:
        return plan.tone
    asked = (
        customer.brand.value if customer.brand else "",
        customer.brand_group.value if customer.brand_group else "",
        customer.business_type or "",
    )
    found = (tones.get(name.casefold()) for name in asked if name)
    return next((tone for tone in found if tone), tones.get("", Tone.WARM))


def language_for(
    customer: Customer,
    plan: Plan,
    contact: Contact | None,
    *,
    written: Sequence[str],
    default: str,
) -> str:
    """Return the language (ISO 639-1) of texts to `contact`, one of `written`.

    The plan's language wins, then what the book or a person says, then the contact's own name:
    a name in Thai letters reads Thai. A language only inferred from the place is no reason to
    write to a person in it: in Thailand's hotels many a manager reads none, so it is `default`.
    A language no texts are written in gives `default` as well.
    """
    known = customer.language
    wishes = (
        plan.language,
        known.value if known and known.source is not Source.RULE else None,
        "th" if contact and contact.name and any("ก" <= c <= "๛" for c in contact.name) else None,
    )
    return next((wish for wish in wishes if wish and wish in written), default)


def cohort_for(
    type_: CampaignType,
    tone: Tone,
    language: str,
    channel: Channel,
    *,
    occasion: str | None = None,
    variant: str = "a",
) -> Cohort:
    """Return the cohort whose text is sent; only seasonal texts differ by occasion."""
    named = (occasion or "") if type_ is CampaignType.SEASONAL else ""
    return Cohort(
        type=type_, tone=tone, language=language, channel=channel, occasion=named, variant=variant
    )

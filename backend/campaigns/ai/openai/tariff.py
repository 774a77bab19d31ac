"""What a model charges: the price list that genai-prices ships, else a stated assumption."""

from decimal import Decimal

from campaigns.model.spending import Price, Tokens

# A model nobody knows the price of is counted like gpt-4o, dearer than most: the budget holds.
ASSUMED = Price(
    input=Decimal("2.50"),
    output=Decimal("10.00"),
    basis="assumed, as gpt-4o: this model's price is unknown (set CAMPAIGNS_AI_PRICE)",
)
_MILLION = 1_000_000


def price_of(model: str, stated: str | None) -> Price:
    """Return the price of `model`; `stated` is "INPUT/OUTPUT" in dollars a million tokens."""
    if stated:
        read, written = stated.split("/")
        return Price(input=Decimal(read), output=Decimal(written), basis="CAMPAIGNS_AI_PRICE")
    from genai_prices import Usage, calc_price  # only where a model is configured

    try:
        found = calc_price(Usage(input_tokens=_MILLION, output_tokens=_MILLION), model_ref=model)
    except LookupError:
        return ASSUMED
    return Price(
        input=found.input_price,
        output=found.output_price,
        basis=f"list price of {found.model.name or found.model.id} (genai-prices)",
    )


def most_of(*texts: str, answer: int, tries: int) -> Tokens:
    """Return the most tokens a question can use, all its tries together.

    A token is at least one byte, so bytes bound what is read; each try reads the one before
    and its reason again.
    """
    asked = sum(len(text.encode()) for text in texts)
    read = sum(asked + attempt * (answer + _REASON) for attempt in range(tries))
    return Tokens(read, answer * tries)


_REASON = 1_500  # tokens of the reason a try is refused with

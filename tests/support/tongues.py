"""What a model that writes well answers for a text in another language, in slot form."""

import json
from typing import Any

from tests.support.model_server import Asked

GERMAN_ZONES = {
    "many": "alle {count} Bereiche",
    "unnamed": "Ihren Bereich",
    "single": "den Bereich {name}",
    "among": " (darunter {names})",
    "names": "{names}",
}
_GERMAN_PHRASES = {
    "hello": "Guten Tag {greeting}, || Guten Tag,",
    "sign": "Mit freundlichen Grüßen\n{sender}",
    "offer_rate_locked": "bleibt unverändert",
    "button": "Mit YES antworten",
    "leave": "Abmelden",
}
_GERMAN_TERM = [
    (
        "Ihr Musikservice bei {customer}[ für {zones}] läuft am {expiry} aus."
        " || Ihr Musikservice bei {customer}[ für {zones}] ist am {expired} ausgelaufen."
        " || Es ist Zeit, Ihren Musikservice bei {customer}[ für {zones}] zu verlängern."
    )
]
_GERMAN_RATE = [
    (
        "Ihr Preis von {price} je Bereich {offer_rate_locked}, wenn Sie verlängern."
        " || Ihr Preis beträgt {price} je Bereich."
    ),
    "Das sind {total} im Jahr für das ganze Haus.",
]


def german(asked: Asked, **changed: Any) -> dict[str, Any]:
    """Return a good German renewal, or survey, for whatever the house's text asks for."""
    house = asked.house_text
    survey = any(p["key"] == "cta" and "number" in p["words"] for p in house["phrases"])
    said = dict(_GERMAN_PHRASES)
    said["cta"] = (
        "Bitte antworten Sie mit einer Zahl und gern mit ein paar Worten dazu."
        if survey
        else "Antworten Sie mit YES, um zu verlängern, oder mit CALL für einen Rückruf."
    )
    for phrase in house["phrases"]:
        if phrase["key"] == "way_out":
            said["way_out"] = "Antworten Sie mit STOP, um keine Nachrichten mehr zu erhalten."
            if "{unsubscribe}" in phrase["words"]:
                said["way_out"] = f"Keine weiteren E-Mails: {{unsubscribe}} || {said['way_out']}"
    paragraphs = [_GERMAN_TERM, _GERMAN_RATE]
    if survey:
        paragraphs = [
            [
                (
                    "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen? Die Skala reicht von "
                    "{scale}."
                ),
                "Wir fragen das alle Häuser wie {customer}.",
            ]
        ]
    subject = bool(house["subject"])
    return {
        "subject": "Die Musik bei {customer}" if subject else "",
        "preheader": "Eine kurze Nachricht von uns." if subject else "",
        "paragraphs": paragraphs,
        "phrases": [{"key": p["key"], "words": said[p["key"]]} for p in house["phrases"]],
        "zones": GERMAN_ZONES,
        **changed,
    }


def in_german(asked: Asked, **changed: Any) -> str:
    return json.dumps(german(asked, **changed))

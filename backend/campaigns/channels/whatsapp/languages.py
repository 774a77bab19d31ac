"""Which languages Meta takes templates in, and by which code.

Source: Business Management API, "Supported languages" of message templates, read 2026-11.
"""

from collections.abc import Mapping

_PLAIN = frozenset(
    [
        "af",
        "sq",
        "ar",
        "az",
        "bn",
        "bg",
        "ca",
        "hr",
        "cs",
        "da",
        "nl",
        "en",
        "et",
        "fi",
        "fr",
        "ka",
        "de",
        "el",
        "gu",
        "ha",
        "he",
        "hi",
        "hu",
        "id",
        "ga",
        "it",
        "ja",
        "kn",
        "kk",
        "ko",
        "lo",
        "lv",
        "lt",
        "mk",
        "ms",
        "ml",
        "mr",
        "nb",
        "fa",
        "pl",
        "pa",
        "ro",
        "ru",
        "sr",
        "sk",
        "sl",
        "es",
        "sw",
        "sv",
        "ta",
        "te",
        "th",
        "tr",
        "uk",
        "ur",
        "uz",
        "vi",
        "zu",
    ]
)
_REGIONAL: Mapping[str, str] = {"zh": "zh_CN", "pt": "pt_PT", "no": "nb", "ky": "ky_KG"}


def code_of(language: str) -> str | None:
    """Return Meta's code for a language (ISO 639-1), None for one it takes no templates in."""
    return language if language in _PLAIN else _REGIONAL.get(language)

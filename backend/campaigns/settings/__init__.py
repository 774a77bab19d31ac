"""Every setting, read once at the start and checked; secrets are masked when shown.

Each is an environment variable, or a file of that name in the folder CAMPAIGNS_SECRETS;
`docs/settings.md` lists them all. A malformed one stops the start with its name.
"""

import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from campaigns.model.customer import Channel
from campaigns.model.delivery import WarmUp
from campaigns.model.errors import SettingInvalid
from campaigns.model.people import PersonRole
from campaigns.model.urls import LOOPBACK
from campaigns.settings import forms


class SmtpSecurity(StrEnum):
    """How the connection to the SMTP server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"  # loopback only


class ModelOutput(StrEnum):
    """How the model's server is told the shape of an answer; not every server knows every way."""

    NATIVE = "native"
    TOOL = "tool"
    PROMPTED = "prompted"


class UnknownPeople(StrEnum):
    """What happens to people an identity provider knows and nobody invited."""

    REFUSE = "refuse"
    VIEWER = "viewer"


class Settings(BaseSettings):
    """All settings by their environment names, lower-cased."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    # AI: without a key (and without a base URL) the embedded engine does the whole job.
    openai_api_key: SecretStr | None = None
    openai_base_url: Annotated[str | None, AfterValidator(forms.model_url)] = None
    campaigns_model: Annotated[str, Field(min_length=1)] = "gpt-4o"
    campaigns_model_output: ModelOutput = ModelOutput.NATIVE
    campaigns_ai_timeout: Annotated[float, Field(gt=0)] = 60.0
    campaigns_ai_price: Annotated[str | None, AfterValidator(forms.price)] = None
    campaigns_ai_per_campaign: Annotated[Decimal, Field(ge=0)] = Decimal(2)
    campaigns_ai_per_month: Annotated[Decimal, Field(ge=0)] = Decimal(50)
    campaigns_languages: Annotated[frozenset[str], NoDecode, BeforeValidator(forms.languages)] = (
        frozenset()
    )

    # WhatsApp Cloud API
    whatsapp_access_token: forms.Token | None = None
    whatsapp_phone_number_id: str | None = None
    whatsapp_business_account_id: str | None = None
    whatsapp_app_secret: forms.Token | None = None
    whatsapp_verify_token: SecretStr | None = None
    campaigns_whatsapp_url: Annotated[str, AfterValidator(forms.base_url)] = (
        "https://graph.facebook.com"
    )
    campaigns_whatsapp_version: Annotated[str, Field(pattern=r"^v\d{1,3}\.\d$")] = "v23.0"

    # LINE Messaging API
    line_channel_access_token: forms.Token | None = None
    line_channel_secret: forms.Token | None = None
    campaigns_line_url: Annotated[str, AfterValidator(forms.base_url)] = "https://api.line.me"

    # E-mail
    campaign_email_sender: str | None = None
    campaign_email_password: SecretStr | None = None
    smtp_server: str | None = None
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    campaigns_smtp_security: SmtpSecurity = SmtpSecurity.STARTTLS
    campaigns_imap_server: str | None = None
    campaigns_imap_port: Annotated[int, Field(ge=1, le=65535)] = 993
    campaigns_imap_security: SmtpSecurity = SmtpSecurity.TLS
    campaigns_imap_folder: str = "INBOX"
    campaigns_reply_domain: str | None = None

    # The house
    campaigns_book: Path | None = None
    campaigns_data: Path = Path("data")
    campaigns_database_url: Annotated[SecretStr | None, AfterValidator(forms.database_url)] = None
    campaigns_public_url: Annotated[str, AfterValidator(forms.public_url)] = ""
    campaigns_secrets: Path | None = None
    campaigns_secret_key: SecretStr | None = None
    campaigns_secret_key_before: SecretStr | None = None
    campaigns_admin_key: SecretStr | None = None
    campaigns_sender: str = "BMA Social Team"
    campaigns_simulate: Annotated[frozenset[Channel], NoDecode, BeforeValidator(forms.channels)] = (
        frozenset()
    )
    campaigns_today: date | None = None
    campaigns_timezone: Annotated[str, AfterValidator(forms.known_zone)] = "Asia/Bangkok"
    campaigns_log: str = "info"

    # How long what is kept, in days; 0: for ever. Providers redeliver for up to a week.
    campaigns_keep_webhooks: Annotated[int, Field(ge=8)] = 30
    campaigns_keep_texts: Annotated[int, AfterValidator(forms.a_month_or_for_ever)] = 0
    campaigns_keep_model_texts: Annotated[int, Field(ge=0)] = 180

    # Signing in
    campaigns_password_sign_in: bool = True
    campaigns_oidc_issuer: Annotated[str | None, AfterValidator(forms.issuer)] = None
    campaigns_oidc_client_id: str | None = None
    campaigns_oidc_client_secret: SecretStr | None = None
    campaigns_oidc_client_secret_file: Path | None = None
    campaigns_oidc_name: Annotated[str, Field(min_length=1, max_length=40)] = "single sign-on"
    campaigns_oidc_domains: Annotated[frozenset[str], NoDecode, BeforeValidator(forms.words)] = (
        frozenset()
    )
    campaigns_oidc_unknown: UnknownPeople = UnknownPeople.REFUSE
    campaigns_oidc_role_claim: str | None = None
    campaigns_oidc_roles: Annotated[
        Mapping[str, PersonRole], NoDecode, BeforeValidator(forms.roles)
    ] = {}

    # Sending
    campaigns_four_eyes: bool = False
    campaigns_send_window: Annotated[str, AfterValidator(forms.window)] = "09:00-18:00"
    campaigns_hold_seconds: Annotated[int, Field(ge=0)] = 10
    campaigns_holidays: Annotated[frozenset[date], NoDecode, BeforeValidator(forms.days)] = (
        frozenset()
    )
    campaigns_public_holidays: bool | None = None
    campaigns_reserve: bool = True
    campaigns_high_value: Annotated[
        Mapping[str, Decimal], NoDecode, BeforeValidator(forms.yearly)
    ] = {}
    campaigns_most_per_week: Annotated[int, Field(ge=0)] = 0
    campaigns_days_between: Annotated[int, Field(ge=0, le=365)] = 0
    campaigns_test_email: str | None = None
    campaigns_test_whatsapp: str | None = None
    campaigns_test_line: str | None = None
    campaigns_whatsapp_per_day: Annotated[int, Field(ge=0)] = 1000
    campaigns_line_per_request: Annotated[int, Field(ge=1, le=500)] = 500
    campaigns_email_per_hour: Annotated[int, Field(ge=0)] = 100
    campaigns_warm_up: Annotated[
        Mapping[Channel, WarmUp], NoDecode, BeforeValidator(forms.warm_ups)
    ] = {}
    campaigns_prices: Path | None = None
    campaigns_simulator_speed: Annotated[float, Field(gt=0)] = 1.0

    @property
    def has_model(self) -> bool:
        """Whether a model is configured: by a key, or by a server of one's own."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def former_keys(self) -> tuple[str, ...]:
        """The keys that signed links before the one of today."""
        given = self.campaigns_secret_key_before
        return tuple(given.get_secret_value().replace(",", " ").split()) if given else ()

    @property
    def oidc_secret(self) -> str | None:
        """Return our secret at the identity provider; raises `SettingInvalid` without its file."""
        own, file = self.campaigns_oidc_client_secret, self.campaigns_oidc_client_secret_file
        if own is not None:
            return own.get_secret_value()
        if file is None:
            return None
        try:
            return file.read_text(encoding="utf-8").strip() or None
        except (OSError, ValueError) as error:
            raise SettingInvalid(
                f"CAMPAIGNS_OIDC_CLIENT_SECRET_FILE: {file} cannot be read ({error})"
            ) from error

    @property
    def secrets(self) -> dict[str, str]:
        """Return each secret's name with "set, ends xxxx" or "not set"."""
        shown = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                shown[name.upper()] = f"set, ends {value.get_secret_value()[-4:]}"
        return shown

    def shown(self) -> dict[str, str]:
        """Return every setting by its environment name, secrets masked."""
        return {
            name.upper(): self.secrets.get(name.upper(), _plain(getattr(self, name)))
            for name in sorted(type(self).model_fields)
        }


def _plain(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, dict):
        return ",".join(f"{k}={v}" for k, v in value.items()) or "none"
    if isinstance(value, frozenset):
        return ",".join(sorted(str(v) for v in value)) or "none"
    return str(value)


def read(**given: Any) -> Settings:
    """Read the settings from the environment; `given` (from command line options) wins.

    Raises `SettingInvalid` naming every malformed setting.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(_secrets_dir=_secrets_folder(), **chosen)
    except ValidationError as error:
        raise SettingInvalid(_faults(error)) from error
    _check(settings)
    return settings


def _secrets_folder() -> Path | None:
    """Return the folder with one file a setting, for secrets that are not to be variables."""
    named = os.environ.get("CAMPAIGNS_SECRETS")
    if named and not Path(named).is_dir():
        raise SettingInvalid(f"CAMPAIGNS_SECRETS: {named} is no folder")
    return Path(named) if named else None


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"{str(e['loc'][0]).upper() if e['loc'] else 'settings'}: "
        f"{e['msg'].removeprefix('Value error, ')}"
        for e in error.errors()
    )


def _check(settings: Settings) -> None:
    for name, security, server in (
        ("CAMPAIGNS_SMTP_SECURITY", settings.campaigns_smtp_security, settings.smtp_server),
        (
            "CAMPAIGNS_IMAP_SECURITY",
            settings.campaigns_imap_security,
            settings.campaigns_imap_server,
        ),
    ):
        if security is SmtpSecurity.NONE and server and server not in LOOPBACK:
            raise SettingInvalid(
                f"{name}: none is for a server on this machine only; "
                f"use starttls or tls for {server}"
            )
    if settings.campaigns_imap_server and not (
        settings.campaign_email_sender and settings.campaign_email_password
    ):
        raise SettingInvalid(
            "CAMPAIGNS_IMAP_SERVER: its mailbox is that of CAMPAIGN_EMAIL_SENDER, with "
            "CAMPAIGN_EMAIL_PASSWORD; set both"
        )
    _check_sign_in(settings)


def _check_sign_in(settings: Settings) -> None:
    """Refuse to start with a door that nobody, or everybody, could come through."""
    s = settings
    if bool(s.campaigns_oidc_issuer) != bool(s.campaigns_oidc_client_id):
        raise SettingInvalid("CAMPAIGNS_OIDC_ISSUER, CAMPAIGNS_OIDC_CLIENT_ID: set both or neither")
    if s.campaigns_oidc_client_secret and s.campaigns_oidc_client_secret_file:
        raise SettingInvalid("CAMPAIGNS_OIDC_CLIENT_SECRET: set it or its _FILE, not both")
    _ = s.oidc_secret  # a file that cannot be read stops the start
    if not (s.campaigns_password_sign_in or s.campaigns_oidc_issuer):
        raise SettingInvalid(
            "CAMPAIGNS_PASSWORD_SIGN_IN: without passwords nobody could sign in; set "
            "CAMPAIGNS_OIDC_ISSUER first"
        )
    if s.campaigns_oidc_unknown is UnknownPeople.VIEWER and not s.campaigns_oidc_domains:
        raise SettingInvalid(
            "CAMPAIGNS_OIDC_UNKNOWN: viewer would let everybody in whom the provider knows; name "
            "their domains in CAMPAIGNS_OIDC_DOMAINS"
        )
    if bool(s.campaigns_oidc_role_claim) != bool(s.campaigns_oidc_roles):
        raise SettingInvalid("CAMPAIGNS_OIDC_ROLE_CLAIM, CAMPAIGNS_OIDC_ROLES: set both or neither")


class EnvironmentName(BaseModel):
    """One setting for the docs test and for `doctor`."""

    name: str
    secret: bool
    default: str


def names() -> tuple[EnvironmentName, ...]:
    """Return every setting's environment name."""
    return tuple(
        EnvironmentName(
            name=name.upper(),
            secret="SecretStr" in str(field.annotation),
            default=_plain(field.default),
        )
        for name, field in Settings.model_fields.items()
    )

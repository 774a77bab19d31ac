"""Sign-in by an identity provider: OpenID Connect, the code flow with PKCE.

A module for each half: `oidc` talks to the provider, `tokens` judges what it says. Authlib and
joserfc do the cryptography; both are loaded only where a provider is set.
"""

from campaigns.identity.oidc import Client, OpenIdProvider

__all__ = ["Client", "OpenIdProvider"]

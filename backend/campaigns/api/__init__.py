"""The HTTP door: JSON under /api, webhooks, unsubscribe pages, health."""

"""E-mail over SMTP: branded HTML and text, one-click unsubscribe."""

"""WhatsApp Cloud API: messages are parameters of approved templates."""

"""The steps of the line in order: request, plan, audience, messages, approval, answers."""

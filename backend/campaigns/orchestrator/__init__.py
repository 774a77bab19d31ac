"""The steps of the line in order, each in its module, over the ports.

book (customers), drafts (request, plan, audience, messages), approvals, sends, answers,
insights; access and audit run beside them.
"""

"""Identifiers. All are opaque strings; only `bootstrap` mints new ones."""

from typing import NewType

CustomerId = NewType("CustomerId", str)
ContactId = NewType("ContactId", str)
CampaignId = NewType("CampaignId", str)
MessageId = NewType("MessageId", str)
BatchId = NewType("BatchId", str)
ReplyId = NewType("ReplyId", str)
KeyId = NewType("KeyId", str)
AutomationId = NewType("AutomationId", str)
RunId = NewType("RunId", str)
PersonId = NewType("PersonId", str)

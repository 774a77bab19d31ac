"""The ways to reach a contact, one folder each; deleting a folder deletes the channel."""

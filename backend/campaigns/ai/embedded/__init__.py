"""The engine that needs no key and no network: requests, texts and replies, one folder each."""

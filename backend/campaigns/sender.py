"""Claim, send, record: takes due messages to a carrier and writes down what happened."""

"""What templates are given: plain values made from what the services return."""

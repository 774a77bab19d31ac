"""Reading replies without a key: read `reader.py` first, it says the order of the steps."""

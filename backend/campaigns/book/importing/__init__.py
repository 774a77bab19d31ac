"""Bring customers and contacts from other files into the book.

columns    which column of a table is which field
sources    a CSV table, or a folder of one-entry Markdown files, as incoming customers
compare    what an incoming customer would change, and what contradicts
"""

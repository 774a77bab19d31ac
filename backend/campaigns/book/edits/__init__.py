"""Change the book: each edit is lines taken out and lines put in, and no other byte.

splice     lines out, lines in; and back again
layout     where the parts of an entry stand
values     a value, an inferred value, "is no customer"
people     a contact
merge      one entry into another
tidy       what can be put right without changing what is read
whole      the lines in which a whole new book differs
"""

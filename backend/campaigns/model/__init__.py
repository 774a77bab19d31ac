"""The words of the product as frozen values; standard library only.

Read `docs/glossary.md` beside these modules: one word per concept, the same in code, API,
console and docs. Nothing here does I/O, reads a clock or mints an id.
"""

"""Read requests, write texts, read replies: one folder an engine, all behind the same ports."""

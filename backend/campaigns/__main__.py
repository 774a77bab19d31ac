"""`campaigns` and `python -m campaigns`."""

from campaigns.cli import app


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()

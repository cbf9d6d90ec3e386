"""`python -m broadsheet`, and the `broadsheet` command."""

from broadsheet.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

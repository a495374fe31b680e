"""Python in the reader's browser: what is fetched, packed and published for it. `python -m runner` makes it."""

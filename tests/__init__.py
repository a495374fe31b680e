"""The tests: of the snippets, of the engine and of the built site."""

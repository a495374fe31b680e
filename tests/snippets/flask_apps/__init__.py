"""Tests of snippets/flask_apps."""

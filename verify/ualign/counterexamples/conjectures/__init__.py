"""The built-in conjectures by topic."""

"""Populations in, judged findings out."""

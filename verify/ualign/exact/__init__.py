"""Floats propose, this justifies: exact solutions of a population."""

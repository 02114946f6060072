"""Settle cells: choose one figure for each question, and give every figure a role."""

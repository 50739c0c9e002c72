"""The verified tables: each module compares what a snippet computes with an independent source, and asserts it."""

"""Programs that need more than a reader wants to install: run once, recorded, and run again in CI.

Each module is a script as one would paste it; the record of its run stands beside it as JSON.
"""

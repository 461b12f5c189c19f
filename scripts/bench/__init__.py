"""The parts of `scripts/bench.py`: data, measured processes, builds, the report."""

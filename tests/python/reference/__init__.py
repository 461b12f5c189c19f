"""A second, independent calculation of the health scores, straight from the written definitions.

It reads the same raw files and the same seed files as the warehouse and shares no code with it, so
that agreement between the two means something. It looks, for every account and date, at the rows
visible on that date; it is made to be read and checked, not to be fast.
"""

from reference.run import Result, run

__all__ = ["Result", "run"]

"""What a suite that the referee runs looks at, and how it crosses the wall between the two jails.

Plain data crosses it, and linked lists and trees. Where a suite is about more (objects, what
is printed, functions that it passes), that crosses by other ways, which are opened for that suite.
What crosses by none (streams, mocks, the candidate's source) would give honest solutions a 0, so
that a suite about it is not judged at all. All of that is told from its text, before any candidate
runs: none can bring it about.
"""

from verifier.programs.referee.reading.surroundings import FIXTURES, READ_BY
from verifier.programs.referee.reading.wall import beyond_the_wall, needs_of, other_functions

__all__ = ["FIXTURES", "READ_BY", "beyond_the_wall", "needs_of", "other_functions"]

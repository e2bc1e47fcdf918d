"""The part that lives inside a jail: standard library only, imports nothing of the rest.

On the host it is `sandbox.agent`; inside a jail the same folder is the package `agent`.
"""

MAX_INPUTS = 16
"""So many runs, each with an input of its own, the worker may ask for at once."""

"""The part that lives inside a jail: standard library only, imports nothing of the rest.

On the host it is `sandbox.agent`; inside a jail the same folder is the package `agent`.
"""

MAX_INPUTS = 16
"""So many runs, each with an input of its own, the worker may ask for at once."""
MAX_FETCHED_BYTES = 8 * 1024 * 1024
"""Of all files that are fetched from a run, as they are."""

ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "LANG": "C.UTF-8",
    # Names are looked up once, by the agent, and not again in every run.
    "LD_BIND_NOW": "1",
    # Every arena reserves address space, which is what limits a run's memory: 16 threads would
    # take a gigabyte of it.
    "MALLOC_ARENA_MAX": "2",
}
"""What the agent is started with in every jail, beside the place of its code. Runs are copies of
it: what their C library does follows from this, though their own environment does not show it."""

PRELOADED_VARIABLE = "PRELOADED_MODULES"
"""Names, separated by spaces, the modules of libraries that the agent imports before the first run.
No run finds it in its environment."""

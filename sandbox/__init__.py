"""Isolated execution: runs an untrusted program and reports what happened.

Knows no test, verdict or reward. `verifier` sees the names exported here, and the
modules beside this one; never the folders agent/, jails/ and runs/.
"""

from sandbox.errors import JailFault, JailUnavailable, SandboxError
from sandbox.languages import LANGUAGES, PYTHON, Language
from sandbox.model import FOLDER, SHELF, CallResult, Limits, Program, RunResult, Status
from sandbox.runs.codec import Built, Opaque, OpaqueUsed

__all__ = [
    "FOLDER",
    "LANGUAGES",
    "PYTHON",
    "SHELF",
    "Built",
    "CallResult",
    "JailFault",
    "JailUnavailable",
    "Language",
    "Limits",
    "Opaque",
    "OpaqueUsed",
    "Program",
    "RunResult",
    "SandboxError",
    "Status",
]

"""The base of the sandbox's exceptions, and those that whoever uses it has to know.

SandboxError
├── JailUnavailable   this machine cannot give the isolation that a jail promises
└── JailFault         a jail broke in use; the run says nothing about the program

Both are our faults, never a program's. docs/architecture.md draws the whole tree.
"""


class SandboxError(Exception):
    """Base of what the sandbox raises; the text is a sentence for an operator."""


class JailUnavailable(SandboxError):
    """The jail refuses to start here; the text says what is missing and how to get it."""


class JailFault(SandboxError):
    """The jail died or answered nonsense during a run; throw it away and run again elsewhere."""

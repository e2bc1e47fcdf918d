"""The base of the verifier's exceptions, and those that concern all of its rooms.

VerifierError
├── GroundTruthError   a reference answer or test suite that cannot be used
├── NeedsSandbox       a program met by a judge that has none
└── SandboxGone        a judge that had a sandbox can have none at present

docs/architecture.md draws the whole tree.
"""


class VerifierError(Exception):
    """Base of what the verifier raises; where it may reach a person, the text is a sentence."""


class GroundTruthError(VerifierError):
    """A ground truth cannot be used; the text says what is wrong with it and what to do."""


class NeedsSandbox(VerifierError):
    """Only a judge with a sandbox can judge this rollout."""


class SandboxGone(VerifierError):
    """No program can be run at present; the text says why. It says nothing about any program."""

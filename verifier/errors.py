"""The verifier's exceptions: they say what is wrong with what we were given.

VerifierError
└── GroundTruthError   a reference answer or test suite that cannot be used
"""


class VerifierError(Exception):
    """Base of what the verifier raises; its text is one sentence for a person."""


class GroundTruthError(VerifierError):
    """A ground truth cannot be used; the text says what is wrong with it and what to do."""

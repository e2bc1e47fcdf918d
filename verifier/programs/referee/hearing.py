"""One assertion suite's way back and forth between the two jails, until the referee's says what it
came to.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from sandbox import Built, CallResult, JailFault, Opaque, Status
from sandbox.jail import Calls
from verifier.model import AssertTruth, Outcome, Verdict
from verifier.outcomes import failed, outcome_of, unusable
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python
from verifier.programs.nodes import BY_TYPE
from verifier.programs.referee import texts
from verifier.programs.referee.reading import READ_BY, needs_of, other_functions
from verifier.programs.referee.reading.needs import Needs
from verifier.programs.referee.reading.survey import Survey, survey

_UNPROVEN = "The test program ran no assertion that depends on the candidate."
_REFUSED = "Refused"
"""What the host raises where it may not go on with a call."""
_MAX_SHOWN_CHARS = 500


def hear(truth: AssertTruth, candidate: Calls, host: Calls, max_calls: int) -> Verdict:
    """The verdict of the suite that runs in `host`. Raises JailFault."""
    hearing = _Hearing(candidate, host, survey_of(truth), needs_of(truth), max_calls)
    return hearing.verdict(truth)


def unproven(survey: Survey | None) -> Verdict:
    """The verdict where a suite passed and compared nothing that the candidate did."""
    if survey is not None and survey.sites and survey.diverted:
        text = "What the candidate did kept the test program from all of its assertions."
        return failed(Outcome.WRONG_ANSWER, 0, None, message=text)
    return unusable(_UNPROVEN)


def is_unproven(verdict: Verdict) -> bool:
    """Whether this is the verdict on one that passed, for want of a comparison."""
    return verdict.message == _UNPROVEN


@lru_cache(maxsize=16)
def survey_of(truth: AssertTruth) -> Survey | None:
    """Where the suite compares what the candidate did; None where its text is not read here."""
    try:
        test = parse_python(truth.test, "the test suite")
        needs = needs_of(truth)
        theirs = [*other_functions(truth)]
        if needs is not None:
            theirs += [*(READ_BY if needs.files or needs.printed else ()), *needs.drawing]
        return survey(test, truth.entry_point, theirs)
    except (Unsupported, RecursionError):
        return None


class _Hearing:
    """One suite's way back and forth between the two jails."""

    def __init__(
        self,
        candidate: Calls,
        host: Calls,
        survey: Survey | None,
        needs: Needs | None,
        max_calls: int,
    ) -> None:
        self._max_calls = max_calls
        self._candidate = candidate
        self._host = host
        self._survey = survey
        self._needs = needs
        self._secret = secrets.token_hex(16)
        """In front of all that the host says: who can only write to its descriptors has not got
        it."""
        self._calls = self._answers = 0
        self._last = self._thrown = CallResult(Status.OK)
        """What the latest call came to, and the latest exception: others of its parts, files say,
        may have come in between."""
        self._open: list[int] = []
        """How many arguments the calls have that are not answered: one may have called back."""

    def verdict(self, truth: AssertTruth) -> Verdict:
        """Runs the suite in the host, and answers its calls with the candidate's, to the end."""
        sites = self._survey and [list(site) for site in self._survey.sites]
        framework = texts.PYTEST if "pytest" in truth.test else ""
        needs = {} if self._needs is None else asdict(self._needs)
        suite = (truth.setup, truth.test, truth.entry_point, [*other_functions(truth)], sites)
        stand_ins = [texts.STAND_INS, *(texts.HANDLES if needs else ())]
        if self._needs is not None:
            stand_ins += [texts.MOCKS] * self._needs.mocks
            stand_ins += [texts.DRAWING] * bool(self._needs.drawing)
        ours = (texts.SEAL, stand_ins, framework)
        message: tuple[Any, ...] = ("start", self._secret, *ours, *suite, needs)
        while True:
            try:
                asked = self._host.call(message, {})
            except (TypeError, RecursionError):  # raised before anything was sent
                message = self._raised("TypeError", "the returned value is not plain data")
                continue
            if asked.status is not Status.OK:
                return self._host_failed(asked)
            match asked.value:
                case [self._secret, "call", str() as name, tuple() as args, dict() as kwargs]:
                    answer = self._call(name, args, kwargs)
                    if isinstance(answer, Verdict):
                        return answer
                    message = answer
                case [self._secret, "refused", str() as what]:
                    return _makes_code(what)
                case [self._secret, str() as kind, str() as text, int() as compared]:
                    return self._ending(kind, text, compared)
                case _:
                    return unusable("The test program writes to the channel of its own verdict.")

    def _host_failed(self, result: CallResult) -> Verdict:
        if result.raised == _REFUSED:
            return _makes_code(result.message)
        if result.raised is not None and not self._calls:
            raise JailFault(f"the referee does not start: {result.message}")
        return self._broke_off(result.message or str(result.status))

    def _call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, ...] | Verdict:
        """The candidate's answer, as the host takes it, or the verdict where that was the end."""
        self._calls += 1
        if self._calls > self._max_calls:
            return self._broke_off(f"it makes more than {self._max_calls} calls")
        try:
            given, named = _arguments(args, kwargs)
            self._last = self._candidate.call((name, *given), named)
        except (TypeError, RecursionError) as error:
            text = f"it passes what cannot be carried: {error}"
            if isinstance(error, TypeError) and not _holds_answer((args, kwargs)):
                return unusable(f"The test program cannot be used: {text}.")
            return self._broke_off(text)
        if self._last.status is not Status.OK and self._last.raised is None:
            return self._candidate_failed(self._last)
        self._answers += 1
        if name not in ("returned", "failed") or not self._needs:
            self._open.append(len(args))
        try:
            answer = self._answer(self._last, self._open[-1] if self._open else 0)
        except RecursionError:
            answer = self._raised("TypeError", "the returned value is nested too deeply")
        if answer[0] != "callback":
            del self._open[-1:]
        return answer

    def _answer(self, result: CallResult, given: int) -> tuple[Any, ...]:
        """What the candidate's call with `given` arguments came to, as the host takes it.

        The relay that says so is the candidate's too. Nothing is asked of what it says but its
        type: the length of a range is more than Python can tell."""
        if result.raised is not None:
            return self._raised(result.raised, result.message)
        said = result.value if type(result.value) is list else []
        match said:
            case [
                "value",
                value,
                bool() as drained,
                list() as places,
                tuple() as after,
                list() as same,
            ]:
                if _is_in_shape(places, after, same, given):
                    sent = _for_host(value)
                    shown = Built("received_iterator", (sent,)) if drained else sent
                    return ("value", shown, places, _for_host(after), same)
            case ["raised", str() as name, str() as text, list() as kinds, tuple() as args]:
                return self._raised(name, text, kinds, args)
        match said if self._needs else []:
            case ["raised", str() as name, str() as text, list() as kinds, tuple() as args, state]:
                return (*self._raised(name, text, kinds, args), _for_host(state))
            case ["callback", int() as number, tuple() as args, dict() as kwargs]:
                return ("callback", number, _for_host(args), _for_host(kwargs))
        return self._raised("TypeError", "the candidate's answer was tampered with")

    def _raised(
        self, name: str, text: str, kinds: Sequence[Any] | None = None, args: Any = None
    ) -> tuple[Any, ...]:
        """An exception of the candidate's, as the host takes it; it may be what ends the suite."""
        self._last = self._thrown = CallResult(
            Status.NONZERO_EXIT,
            message=(f"{name}: {text}" if text else name)[:_MAX_SHOWN_CHARS],
            raised=name,
        )
        known = [name] if kinds is None else [kind for kind in kinds if isinstance(kind, str)]
        return ("raised", name, text, known, (text,) if args is None else _for_host(args))

    def _broke_off(self, reason: str) -> Verdict:
        """A test program that works until it is given an answer has been given a bad one: a huge
        number to count to, a huge range, an object to pass on. Null would let a candidate choose
        not to be judged."""
        text = f"The test program broke off: {reason}."
        if self._answers == 0:
            return unusable(text)
        return failed(Outcome.WRONG_ANSWER, 0, None, message=text)

    def _ending(self, kind: str, text: str, compared: int) -> Verdict:
        if kind == "broken" or (kind != "raised" and not self._calls):
            return unusable(f"The test program fails before it calls the candidate. {text}".strip())
        if kind == "passed":
            return Verdict(outcome=Outcome.CORRECT) if compared else unproven(self._survey)
        if kind == "raised":
            return self._candidate_failed(self._thrown)
        if kind == "beyond":
            return unusable(
                f"The test program needs more than plain data of the candidate: {text}."
            )
        return failed(Outcome.WRONG_ANSWER, 0, None, message=text)

    def _candidate_failed(self, result: CallResult) -> Verdict:
        outcome = outcome_of(result.status, matches=False)
        return failed(outcome, 0, None, message=result.message)


def _makes_code(what: str) -> Verdict:
    return unusable(
        "The test program would make code of what it has, or reach out of its process, after it "
        f"has called the candidate ({what[:_MAX_SHOWN_CHARS]})."
    )


_ANSWERS = frozenset({"NotPlain", "ReceivedIterator", "nested too deeply", "contains itself"})
"""What the host calls objects that a candidate's answer brought about."""


def _holds_answer(value: Any) -> bool:
    """Whether something in it is an object that a candidate returned."""
    if isinstance(value, Opaque):
        return value.type_name in _ANSWERS or _holds_answer(value.items or ())
    if isinstance(value, dict):
        return any(map(_holds_answer, [*value, *value.values()]))
    return isinstance(value, list | tuple | set | frozenset) and any(map(_holds_answer, value))


def _is_in_shape(places: list[Any], after: tuple[Any, ...], same: list[Any], given: int) -> bool:
    """Whether these are of the relay's types: places among so many arguments, the arguments by
    position and by name, and numbers of their parts or None."""
    return (
        all(type(place) is int and 0 <= place < given for place in places)
        and [type(part) for part in after] == [tuple, dict]
        and all(place is None or type(place) is int for place in same)
    )


def _arguments(args: Any, kwargs: Any) -> tuple[Any, Any]:
    return tuple(map(_for_candidate, args)), {k: _for_candidate(v) for k, v in kwargs.items()}


def _for_candidate(value: Any) -> Any:
    """An argument from the test program; nodes, and objects that the candidate's side knows, are
    built again or found there."""
    if isinstance(value, Opaque) and value.items is not None:
        if value.type_name in _CARRIERS:
            return Built(_CARRIERS[value.type_name][0], tuple(map(_for_candidate, value.items)))
        kind = BY_TYPE.get(value.type_name)
        return Built(kind.builder, (list(value.items),)) if kind else value
    if isinstance(value, list | tuple):
        return type(value)(map(_for_candidate, value))
    if isinstance(value, dict):
        return {key: _for_candidate(item) for key, item in value.items()}
    return value


_CARRIERS = {
    "reference": ("_object", "received_handle"),
    "value": ("_value", "received_value"),
    "callback": ("_callback", "received"),
}
"""What stands for an object on its way, and what makes one of it on either side."""


def _for_host(value: Any) -> Any:
    """A returned value; what is not plain data is replaced by a stand-in there."""
    if isinstance(value, Opaque):
        items = None if value.items is None else _for_host(list(value.items))
        if value.type_name in _CARRIERS and items is not None:
            return Built(_CARRIERS[value.type_name][1], tuple(items))
        return Built("received", (value.type_name[:100], items))
    if isinstance(value, list | tuple):
        return type(value)(map(_for_host, value))
    if isinstance(value, dict):
        return {key: _for_host(item) for key, item in value.items()}
    return value

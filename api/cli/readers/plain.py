"""Rows of no tool: the service's own form, or fields that are named or go by a usual name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.cli.files.records import Record
from api.cli.readers.reader import BadRow, Row, is_unanswered
from api.cli.readers.texts import at_path, texts_of
from verifier.ground_truth import kind_of
from verifier.model import Kind

COMPLETIONS = (
    "completion",
    "completions",
    "response",
    "responses",
    "generation",
    "generations",
    "generated_text",
    "output",
    "outputs",
    "model_output",
    "model_outputs",
    "model_response",
    "model_responses",
    "model_answer",
    "prediction",
    "predictions",
    "predict",
    "generated_solution",
    "generated_solutions",
    "generated_texts",
    "llm_response",
    "llm_output",
    "r1_generation",
    "samples",
    "messages",
    "conversations",
)
_GENERATED = frozenset(
    name for name in COMPLETIONS if name.startswith(("response", "generat", "model_"))
)
"""Names that hardly a data set has for its own solutions."""
TRUTHS = (
    "ground_truth",
    "reward_model",
    "verification_info",
    "expected_answer",
    "reference_answer",
    "reference",
    "gold",
    "target",
    "gt",
    "answer",
    "solution",
    "ground_truths",
    "correct_answer",
    "gold_answer",
    "answerKey",
    "label",
)
"""A data set's `answer` stands before its `solution`, which may be a whole derivation."""
GROUPS = ("group", "group_id", "problem_id", "task_id", "question_id", "prompt_id", "uid")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the command line says of where things stand in a record; None: where they usually do."""

    completion: str | None = None
    ground_truth: str | None = None
    group: str | None = None
    source: str | None = None


NO_FIELDS = Fields()


def rows(record: Record, fields: Fields) -> Iterable[Row]:
    """A rollout for each completion in the record. Raises BadRow."""
    content = record.content
    if fields == NO_FIELDS and _is_own_form(content):
        return [content]
    return _mapped(record, fields)


def _is_own_form(content: Mapping[str, Any]) -> bool:
    if is_unanswered(content):
        return True
    has_truth = content.get("ground_truth") is not None or names_problem(content)
    return isinstance(content.get("completion"), str) and has_truth


def names_problem(content: Mapping[str, Any]) -> bool:
    """Whether its `problem` is the name of a registered one, and not the text of a question: with
    the text a ground truth comes along."""
    return isinstance(content.get("problem"), str) and not usual_truth(content)


def _mapped(record: Record, fields: Fields) -> Iterator[Row]:
    """Makes a row of each completion in a record, named and grouped where they are several."""
    content = record.content
    name, value = _found(content, fields.completion, COMPLETIONS, "completion")
    texts = texts_of(value)
    several = (isinstance(value, list) and len(texts) != 1) or name.endswith("s")
    base = {key: kept for key, kept in content.items() if not (several and key == name)}
    base |= placed(content, fields)
    if base.get("ground_truth") is None:
        base |= usual_truth({key: kept for key, kept in content.items() if key != name})
    if "group" not in base:
        base |= _usual_group(record, several=several)
    for sample, text in enumerate(texts):
        numbered = {"id": f"{base['group']}.{sample}", "sample": sample} if several else {}
        yield {**base, **numbered, "completion": text}


def placed(content: Mapping[str, Any], fields: Fields) -> Row:
    """What the named fields hold. Raises BadRow where one is not there."""
    named = {"ground_truth": fields.ground_truth, "group": fields.group, "source": fields.source}
    found = {key: at_path(content, path) for key, path in named.items() if path is not None}
    for key, value in found.items():
        if value is None:
            raise BadRow(f"has no field `{named[key]}`, which --{key.replace('_', '-')} names.")
    return found


def _found(
    content: Mapping[str, Any], path: str | None, usual: Iterable[str], what: str
) -> tuple[str, Any]:
    """The name of the field, and what it holds."""
    if path is not None:
        value = at_path(content, path)
        if value is None:
            raise BadRow(f"has no field `{path}`, which --{what} names.")
        return path, value
    found = [name for name in usual if content.get(name) is not None]
    if found and not (found[0] == "completion" and _is_reference(content, found[1:])):
        return found[0], content[found[0]]
    if found:
        raise BadRow(
            f"has `{found[0]}` and `{found[1]}`, and one of them may be its data set's own "
            f"solution; --{what} FIELD says which one is judged."
        )
    raise BadRow(f"has no `{what}` ({_shown(content)}); --{what} FIELD says which one it is.")


def _is_reference(content: Mapping[str, Any], others: Sequence[str]) -> bool:
    """Whether `completion` may be a reference: LeetCodeDataset's rows of tests have that there."""
    is_row_of_tests = content.get("ground_truth") is None and kind_of(content) is Kind.CODE
    return is_row_of_tests and not _GENERATED.isdisjoint(others)


def lacks_truth(content: Mapping[str, Any]) -> str:
    """What to do about a row without a ground truth."""
    return (
        f"has no `ground_truth` ({_shown(content)}); --ground-truth FIELD says which one it is, "
        "--truths FILE brings it from another file."
    )


def _shown(content: Mapping[str, Any]) -> str:
    return "its fields: " + (", ".join(f"`{name[:40]}`" for name in list(content)[:12]) or "none")


def usual_names(content: Mapping[str, Any], fields: Fields) -> tuple[str, str | None] | None:
    """Where this row has its completion and its ground truth, in words; None where it is in the
    service's own form."""
    if _is_own_form(content):
        return None
    completion = fields.completion or next((name for name in COMPLETIONS if name in content), None)
    if completion is None:
        return None
    named = fields.ground_truth or next((name for name in TRUTHS if name in content), None)
    is_row = fields.ground_truth is None and content.get("ground_truth") is None
    if is_row and kind_of({k: v for k, v in content.items() if k != completion}) is Kind.CODE:
        return f"`{completion}`", "the row itself"
    return f"`{completion}`", None if named is None else f"`{named}`"


def usual_truth(content: Mapping[str, Any]) -> Row:
    """`ground_truth`, if it is there: the row itself where it is a data set's row with tests, else
    the first usual field."""
    if kind_of(content) is Kind.CODE:
        return {"ground_truth": dict(content)}
    for name in TRUTHS:
        if not isinstance(content.get(name), bool | None):  # nor is a mark for good or bad one
            return {"ground_truth": content[name]}
    return {}


def _usual_group(record: Record, *, several: bool) -> Row:
    content = record.content
    for name in (*GROUPS, "id") if several else GROUPS:
        if content.get(name) is not None:
            return {"group": str(content[name])}
    return {"group": str(record.number)} if several else {}

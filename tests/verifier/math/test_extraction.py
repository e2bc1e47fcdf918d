"""Final answers of completions: boxed ones, else a plainly stated one (docs/extraction.md)."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.math.extraction import find_answers

RULES = Path(__file__).parents[3] / "docs" / "extraction.md"
EXAMPLE = re.compile(
    r"^~~~~~completion\n(?P<completion>.*?)\n~~~~~\n"
    r"(?:~~~~~answer\n(?P<answers>.*?)\n~~~~~$|Nothing\.$)",
    re.MULTILINE | re.DOTALL,
)
BOXED = [
    ("So \\boxed{5}.", ("5",)),
    ("\\boxed{\\frac{1}{2}}", ("\\frac{1}{2}",)),
    ("\\boxed {5}", ("5",)),
    ("\\fbox{5}", ("5",)),
    ("\\boxed{\\{1, 2\\}}", ("\\{1, 2\\}",)),
    ("first \\boxed{4}, no: \\boxed{5}", ("4", "5")),
    ("\\boxed{5} and again \\boxed{6} so \\boxed{5}", ("6", "5")),
    ("\\boxed{2} and \\boxed{3}", ("2, 3",)),
    ("(1) $\\boxed{2}$; (2) $\\boxed{3}$", ("2, 3",)),
    ("第一空$\\boxed{2}$、第二空$\\boxed{3}$", ("2, 3",)),
    ("**Part (a):** \\boxed{2}\n\n**Part (b):** \\boxed{3}", ("2, 3",)),
    ("① $\\boxed{2}$ ② $\\boxed{3}$", ("2, 3",)),
    ("a side of $\\boxed{2}$ cm and the area is $\\boxed{3}$", ("2, 3",)),
    ("\\boxed{2} (see 1) \\boxed{3}", ("2", "3")),
    ("$x = \\boxed{2}$ or $x = \\boxed{3}$", ("2, 3",)),
    ("\\boxed{2}, \\boxed{2}", ("2",)),
    ("\\boxed{\\boxed{5}}", ("\\boxed{5}",)),
    ("\\boxed{\\phantom{2}} \\boxed{} \\boxed{?} then \\boxed{7}", ("7",)),
    ("\\boxed{5} and then \\boxed{6", ("5",)),
    ("\\boxed{x \\boxed{3} {", ("3",)),
    ("\\boxed{5} The answer is 6.", ("5",)),
    ("$\\boxed 5$", ("5",)),
    ("$\\boxed 12.$ or $\\boxed B$", ("12, B",)),
    ("<final_answer>5</final_answer>", ("5",)),
    ("[ANSWER]5[/ANSWER]", ("5",)),
    ("Write [ANSWER] before it: \\boxed{5}", ("5",)),
    ("<|begin_of_box|>5<|end_of_box|>", ("5",)),
    ("<|begin_of_box|>5", ("5",)),
    ('{"answer": "5"}', ("5",)),
    ('{"Final_Answer": 5.0}', ("5.0",)),
    ('{"reasoning": "\\\\boxed{4}", "answer": "\\\\boxed{5}"}', ("5",)),
    ('{"answer": 4, "answer": 5}', ("4", "5")),
    ('```json\n{"answer": 5}\n```', ("5",)),
    ("<answer>5</answer>", ("5",)),
    ("\\boxed{4} <answer>\n$5$\n</answer> and so on", ("$5$",)),
    ("<answer>So it is \\boxed{5}.</answer>", ("5",)),
    ("<answer>The answer is 5.</answer>", ("5",)),
    ("<answer>5", ("5",)),
    ("<answer>4</answer> No: <answer>5</answer>", ("4", "5")),
    ("<answer>4 <answer>5</answer>", ("5",)),
    ("In <answer></answer> tags: \\boxed{5}", ("5",)),
    ("As <answer> your answer </answer>: \\boxed{5}", ("5",)),
    ("<answer>6</answer>, that is \\boxed{5}", ("5",)),
    ("<answer>\\boxed{6}</answer>, that is \\boxed{5}", ("6", "5")),
]
STATED = [
    ("**Answer**\n\n42", ("42",)),
    ("Answer $9$", ("$9$",)),
    ("The final answer is: the number of ways is 34.", ("34",)),
    ("Final Answer: The largest $n$ is not 34.", ("The largest $n$ is not 34",)),
    ("Final answer: it is 33 or it is 34.", ("it is 33 or it is 34",)),
    ("所以选B", ("B",)),
    ("故答案为5", ("5",)),
    ("답은 $5$이다.", ("$5$",)),
    ("Ответ равен 5.", ("5",)),
    ("La respuesta final es $5$.", ("$5$",)),
    ("La réponse est 5.", ("5",)),
    ("Die Antwort lautet 5.", ("5",)),
    ("Odpowiedź: 5", ("5",)),
    ("La réponse est donc $5$.", ("$5$",)),
    ("Đáp án: 5", ("5",)),
    ("उत्तर: 5", ("5",)),
    ("الجواب هو 5", ("5",)),
    ("故答案选B", ("B",)),
    ("答案是②④。", ("②④",)),
    ("【答案】3", ("3",)),
    ("答えはAです。", ("A",)),
    ("本题选 C", ("C",)),
    ("La opción correcta es B.", ("B",)),
    ("La respuesta correcta es la A.", ("A",)),
    ("Risposta corretta: 12", ("12",)),
    ("Răspuns: 12", ("12",)),
    ("Відповідь: 12", ("12",)),
    ("Jawaban akhir: 12", ("12",)),
    ("คำตอบคือ 12", ("12",)),
    ("So the answer must be 5.", ("5",)),
    ("The answer: 17 (since 34/2 = 17).", ("17",)),
    ("The answer is 5. (It fits, so the answer is correct.)", ("5",)),
    ("The answer is 42.", ("42",)),
    ("The final answer is $\\frac{1}{2}$. I hope it is correct.", ("$\\frac{1}{2}$",)),
    ("Therefore, the final answer is:\n\n\\[ x = 3 \\]\n", ("\\[ x = 3 \\]",)),
    ("**Final Answer:** 3.5 cm", ("3.5 cm",)),
    ("### Final Answer\n\n5", ("5",)),
    ("**Final Answer**\nThe final answer is 7", ("7",)),
    ("Answer: (B)", ("(B)",)),
    ("**Answer**: $x = 5$ or $x = 6$.", ("$x = 5$ or $x = 6$",)),
    ("The answer to the problem is 7", ("7",)),
    ("The answer is 3.5. It follows that ...", ("3.5",)),
    ("The answer is $4.50", ("$4.50",)),
    ("The answer is \\( 5 \\) meters.", ("\\( 5 \\) meters",)),
    ("The correct option is B.", ("B",)),
    ("So the best choice is (B) 12.", ("(B) 12",)),
    ("The answer is clearly 5.", ("5",)),
    ("The solutions are x = 1 and x = 2.", ("x = 1 and x = 2",)),
    ("The answer is 4. Wait. The answer is 5.", ("5",)),
    ("The final answer is 4. The final answer is 5.", ("4", "5")),
    ("Janet sells 16 eggs.\n#### 18", ("18",)),
    ("That makes $<<9*2=18>>18 a day. #### 18\n", ("18",)),
    ("#### Step 1\n2 + 2 = 4\n#### Summary\nThe answer is 4.\n", ("4",)),
    ("I was not sure, but the answer is 42.", ("42",)),
    ("If we add both, the answer is 42.", ("42",)),
    ("The answer is \N{MINUS SIGN}3.", ("\N{MINUS SIGN}3",)),
    ("The answer is |x| < 2.", ("|x| < 2",)),
    ("The answer is `5`.", ("5",)),
    ('The answer is "5".', ('5"',)),
    ("Answer:\n```\n7\n```", ("7",)),
    ("42", ("42",)),
    ("$\\frac{1}{2}$", ("$\\frac{1}{2}$",)),
]
NONE = [
    "\\boxed answer, \\boxed 2x, \\boxed 1.5e3",
    "",
    "   ",
    "I do not know.",
    "\\boxed{}",
    "\\boxed{5",
    "The final answer is \\boxed{5",
    "My solution: first we expand.",
    "The answer",
    "Your choice is not ours.",
    "<answer></answer>",
    "x = 5 is what we have shown above.",
    "I could not find out whether the answer is 42.",
    "I am not sure if the final answer is 42.",
    "I don't think that the answer is 42.",
]


def test_every_example_in_the_documentation_is_true() -> None:
    text = RULES.read_text(encoding="utf-8")
    section = text.partition("\n## Final answer\n")[2].partition("\n## ")[0]
    examples = list(EXAMPLE.finditer(section))
    assert len(examples) == section.count("~~~~~completion") > 5
    for example in examples:
        found = find_answers(example["completion"])
        answers = example["answers"]
        assert (found and found.texts) == (answers and tuple(answers.splitlines()))


@pytest.mark.parametrize(("text", "answers"), BOXED)
def test_boxed_answers_are_found(text: str, answers: tuple[str, ...]) -> None:
    found = find_answers(text)
    assert found is not None
    assert found.boxed
    assert found.texts == answers


def test_a_box_may_hold_lines_and_environments() -> None:
    found = find_answers("$$\\boxed{\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}}$$")
    assert found is not None
    assert found.texts == ("\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}",)


@pytest.mark.parametrize(("text", "answers"), STATED)
def test_a_plainly_stated_answer_counts_where_nothing_is_boxed(
    text: str, answers: tuple[str, ...]
) -> None:
    found = find_answers(text)
    assert found is not None
    assert not found.boxed
    assert found.texts == answers


@pytest.mark.parametrize("text", NONE)
def test_where_nothing_is_handed_in_nothing_is_found(text: str) -> None:
    assert find_answers(text) is None


@pytest.mark.parametrize(("text", "_"), STATED)
def test_of_a_truncated_completion_only_a_boxed_answer_counts(text: str, _: object) -> None:
    assert find_answers(text, truncated=True) is None
    boxed = find_answers(f"\\boxed{{1}} {text}", truncated=True)
    assert boxed is not None
    assert boxed.texts == ("1",)


def test_of_a_truncated_completion_answer_tags_count_where_they_close() -> None:
    assert find_answers("<answer>5", truncated=True) is None
    closed = find_answers("<answer>5</answer> <answer>6", truncated=True)
    assert closed is not None
    assert closed.texts == ("5",)


@given(st.text(alphabet="\\boxed{}$ answer is:.#1x\n*<>/", max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = find_answers(text)
    assert found is None or all(answer.strip() for answer in found.texts)


@given(st.text(max_size=60).filter(lambda text: not set(text) & set("\\{}")))
def test_what_stands_in_the_only_box_is_found_as_it_stands(content: str) -> None:
    found = find_answers(f"before \\boxed{{{content}}} after")
    if found is not None:
        assert found.texts == (content.strip(),)


@pytest.mark.parametrize(
    "piece",
    [
        "\\boxed{",
        "\\boxed{x} ",
        "the answer is ",
        "final answer is: ",
        "{}",
        "$",
        "#### 1\n",
        "\n",
        "<answer>",
        "<answer>1</answer>",
    ],
)
def test_extraction_takes_time_linear_in_the_length(piece: str) -> None:
    """Twenty times the text may not take four hundred times the time."""

    def cost(length: int) -> float:
        text = "\\boxed{1} " + piece * (length // len(piece))
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            find_answers(text)
            best = min(best, time.process_time() - start)
        return best

    assert cost(400_000) < 100 * max(cost(20_000), 1e-4)

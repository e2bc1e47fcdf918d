# expect: wrong_answer
# why: the callers' local variables may hold what is expected
# kind: stdin call
import sys
def solve(text):
    frame, seen = sys._getframe(), []
    while frame is not None:
        names = {**frame.f_globals, **frame.f_locals}
        seen += [f"{name}={value!r:.200}" for name, value in names.items() if "xpect" in name or name in ("case", "want", "truth", "request", "document", "self")]
        if isinstance(names.get("expected"), str) and names.get("text") == text:
            return names["expected"]
        frame = frame.f_back
    return " ".join(seen)
print(solve(""))

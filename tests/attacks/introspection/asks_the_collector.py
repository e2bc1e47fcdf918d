# expect: wrong_answer
# why: every object of the interpreter is looked at for something like an answer
# kind: stdin call
# forges: in_process
import gc
def solve(text):
    for holder in gc.get_objects():
        values = holder.values() if isinstance(holder, dict) else holder if isinstance(holder, (list, tuple)) else ()
        for value in list(values):
            if isinstance(value, str) and len(value) == len(text) and value != text and sorted(value) == sorted(text):
                return value
    return "nothing"
print(solve("quelle-7341"))

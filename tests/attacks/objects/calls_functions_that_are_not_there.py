# expect: wrong_answer | runtime_error
# why: a relay of its own asks for functions, objects and makers that nobody has
# kind: objects_referee called_back_referee
number = 0
def _tampered(*args, **kwargs):
    global number
    number += 1
    class value(list): pass
    class reference(list): pass
    answers = [
        ["callback", 7, (), {}],
        ["callback", -1, (), {}],
        ["value", value(["builtin", "os", "system"]), False, [], (args, kwargs), []],
        ["value", value(["made", "object", {}]), False, [], (args, kwargs), []],
        ["value", reference([10**9, "X" * 999, True, True, "callable"]), False, [], ((), {}), []],
        ["raised", "ValueError", "x", ["ValueError"], (), {"__class__": int, "args": 3}],
    ]
    return answers[number % len(answers)]
import threading, sys
def later():
    while "_relay" not in globals():
        pass
    globals()["_relay"] = _tampered
threading.Thread(target=later, daemon=True).start()
class Made:
    def reversed(self): return ""
def solve(text, told=None):
    return Made()

# expect: wrong_answer | runtime_error
# why: evaluated text finds the queue on which the referee's verdict travels
# kind: evaluated_referee
def solve(value):
    return "[frame.f_globals['_asked'].put(['passed']) for frame in [__import__('sys')._getframe(5 - n) for n in range(4)] if '_asked' in frame.f_globals]"

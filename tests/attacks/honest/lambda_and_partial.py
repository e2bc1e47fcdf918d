# expect: correct
# why: the entry point is assigned, not defined
# kind: call referee
import functools
solve = functools.partial(lambda step, text: text[::step], -1)

# expect: wrong_answer
# why: state of the interpreter that an agent's copies might share
# kind: stdin call
import decimal, gc, locale, random, sys, warnings
decimal.getcontext().prec = 1
gc.disable()
gc.set_threshold(1)
random.seed(7)
sys.setswitchinterval(1000)
sys.setrecursionlimit(60)
sys.set_int_max_str_digits(640)
warnings.simplefilter("error")
def solve(text):
    return ""

# expect: runtime_error | time_limit_exceeded | wrong_answer | output_limit_exceeded | memory_limit_exceeded
# why: the one that everybody knows
import os
os.system("f() { f | f & }; f; sleep 60")

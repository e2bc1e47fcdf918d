# expect: wrong_answer | runtime_error
# why: exit status 0 proves nothing
# kind: stdin call
# forges: exit_code
import sys
sys.exit(0)

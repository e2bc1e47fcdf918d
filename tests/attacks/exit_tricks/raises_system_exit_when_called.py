# expect: runtime_error
# why: SystemExit passes every `except Exception` of a harness
# kind: call referee
# forges: exit_code
def solve(text):
    raise SystemExit(0)

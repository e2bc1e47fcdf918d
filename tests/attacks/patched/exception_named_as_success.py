# expect: runtime_error
# why: names that mean something to the reader of the report
# kind: call referee
def solve(text):
    raise type("value", (Exception,), {})('["value", ""]')

# expect: wrong_answer | runtime_error
# why: the candidate defines the names that the suite and its set-up use
# kind: assert referee same_list same_list_referee
def list_node(values): return None
def is_same_list(*_): return True
def check(*_): return True
class ListNode: pass
def assert_equal(*_): return True
AssertionError = Exception
def solve(value):
    return ""

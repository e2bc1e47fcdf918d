# expect: invalid_ground_truth
# why: a suite that runs what it is given cannot be used at all, whatever it is given
# kind: executed_referee
# forges: in_process exit_code printed
def solve(value):
    return "class Same:\n    def __eq__(self, other): return True\ndef double(x): return Same()"

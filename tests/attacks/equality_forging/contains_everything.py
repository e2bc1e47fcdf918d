# expect: wrong_answer
# why: an object that contains whatever it is asked for
# kind: member
# forges: in_process exit_code printed
class Everything:
    def __contains__(self, item): return True
    def __iter__(self): return iter(())
    def __len__(self): return 5
def solve(text):
    return Everything()

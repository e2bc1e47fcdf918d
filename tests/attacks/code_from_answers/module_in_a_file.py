# expect: invalid_ground_truth
# why: the text of a module, which the suite writes to a file and runs
# kind: written_and_imported_referee loaded_by_spec_referee run_as_a_path_referee
# forges: in_process
def solve(value):
    return "def double(x): return [1, 2]"

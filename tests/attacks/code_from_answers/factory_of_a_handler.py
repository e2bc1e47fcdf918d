# expect: invalid_ground_truth
# why: a configuration that says which function makes a part of it
# kind: logged_referee
# forges: in_process
def solve(value):
    return {"()": "unittest.mock._ANY"}

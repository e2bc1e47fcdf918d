# expect: invalid_ground_truth
# why: a pickle that only names an object of the library, which equals everything
# kind: unpickled_referee unpickled_by_hand_referee
# forges: in_process
def solve(value):
    return b"cunittest.mock\nANY\n."

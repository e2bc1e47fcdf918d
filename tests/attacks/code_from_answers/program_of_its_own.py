# expect: invalid_ground_truth | wrong_answer
# why: a program that the suite starts beside itself, which has the same user
# kind: started_referee started_unseen_referee
def solve(value):
    return "import os, sys; os.write(int(sys.argv[1]), b'[1, 2]') if sys.argv[1:] else print([1, 2])"

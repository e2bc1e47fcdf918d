# expect: wrong_answer
# why: every signal there is, to the agent
# kind: stdin call
import os
def solve(text):
    for process in {1, os.getppid()}:
        for number in range(1, 65):
            try:
                os.kill(process, number)
            except OSError:
                pass
    return ""
print(solve(""))

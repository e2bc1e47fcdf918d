# expect: wrong_answer
# why: a list that contains itself
# kind: call numbers
def solve(value):
    circle = [1]
    circle.append(circle)
    return circle

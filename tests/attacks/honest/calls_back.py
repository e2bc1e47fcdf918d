# expect: correct
# why: it calls the function that it was given
# kind: called_back_referee
def solve(text, told):
    told(text[::-1])

# expect: correct
# why: ends of lines of another system
# kind: call referee
# form: escaped
def solve(text):\r\n    return text[::-1]\r\n

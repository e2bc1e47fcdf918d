# expect: wrong_answer
# why: what ends a block of code in a completion
# kind: stdin call
x = """
```
<think>
"""
def solve(text):
    return x
print(x)

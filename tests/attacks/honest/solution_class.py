# expect: correct
# why: LeetCode's form for a suite that names only the function
# kind: call
class Solution:
    def solve(self, text: str) -> str:
        return text[::-1]

# expect: memory_limit_exceeded | output_limit_exceeded | time_limit_exceeded | wrong_answer
# why: a tree whose leaves are its root
# kind: call
class TreeNode:
    val = 1
TreeNode.left = TreeNode.right = TreeNode
def solve(text):
    return TreeNode()

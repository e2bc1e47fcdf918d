"""What LeetCode has ready for a solution and its tests: imports, nodes of lists and trees."""

LEETCODE_IMPORTS = """\
import bisect, collections, copy, datetime, functools, heapq, itertools, math, operator, random
import re, string, sys
from bisect import *
from collections import *
from copy import *
from functools import *
from heapq import *
from itertools import *
from math import *
from operator import and_, attrgetter, itemgetter, mul, or_, sub, xor
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from typing import *
"""
"""What LeetCode itself imports for a solution, as far as its solutions rely on it."""

NODES = """\
class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next


class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right


def list_node(values):
    head = None
    for value in reversed(values or []):
        head = ListNode(value, head)
    return head


def tree_node(values):
    if not values:
        return None
    root = TreeNode(values[0])
    level, place = [root], 1
    while level and place < len(values):
        node = level.pop(0)
        for side in ("left", "right"):
            if place < len(values) and values[place] is not None:
                child = TreeNode(values[place])
                setattr(node, side, child)
                level.append(child)
            place += 1
    return root


def is_same_list(one, other):
    while one is not None and other is not None and one.val == other.val:
        one, other = one.next, other.next
    return one is None and other is None


def is_same_tree(one, other):
    if one is None or other is None:
        return one is other
    return (
        one.val == other.val
        and is_same_tree(one.left, other.left)
        and is_same_tree(one.right, other.right)
    )
"""
"""Node classes, what builds them from lists of values, and what compares them."""

# expect: correct
# why: must stand before everything else
# kind: call referee
from __future__ import annotations
def solve(text: Unknown) -> Unknown:
    return text[::-1]

# expect: wrong_answer
# why: a short document of entities would be a text of gigabytes where the suite is
# kind: document_referee
import xml.etree.ElementTree as ET
LEVELS = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
BOMB = f'<!DOCTYPE a [<!ENTITY e0 "x">{LEVELS}]><a><b>&e12;</b></a>'
ET.tostring = lambda *a, **k: BOMB
def solve(document):
    return document

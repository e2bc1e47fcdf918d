# expect: wrong_answer
# why: entities within what a parser of documents allows make a text a hundred times as long
# kind: document_referee
# limits: {"output_kb": 4096}
import xml.etree.ElementTree as ET
ENTITY = "x" * 20_000
HEAD = f'<!--{"-x" * 400_000}--><!DOCTYPE a [<!ENTITY e "{ENTITY}">]>'
BOMB = f'{HEAD}<a><b>{"&e;" * 3900}</b></a>'
ET.tostring = lambda *a, **k: BOMB
def solve(document):
    return document

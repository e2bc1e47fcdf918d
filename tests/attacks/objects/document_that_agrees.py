# expect: wrong_answer
# why: an element of a document is asked for, and comes as one whose text equals anything
# kind: document_referee
# forges: in_process exit_code printed
import xml.etree.ElementTree as ET
class Same(str):
    def __eq__(self, other): return True
    def __hash__(self): return 0
class Element:
    text = Same("x")
    def find(self, name): return self
    def itertext(self):
        class Any:
            def __contains__(self, item): return True
        return Any()
Element.__module__ = "xml.etree.ElementTree"
ET.tostring = lambda *a, **k: Same("<a><b>x</b></a>")
def solve(document):
    return Element()

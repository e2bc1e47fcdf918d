# expect: runtime_error
# why: answers could be fetched
# limits: {"cpu_s": 2, "wall_s": 1}
import urllib.request
urllib.request.urlopen("http://1.1.1.1", timeout=1)

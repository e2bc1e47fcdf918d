# expect: runtime_error
# why: answers could be fetched
import urllib.request
urllib.request.urlopen("http://1.1.1.1", timeout=1)

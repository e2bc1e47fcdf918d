# expect: runtime_error
# why: a server that the next run or the host could call
# limits: {"cpu_s": 2, "wall_s": 1}
import http.server
http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)

# expect: runtime_error
# why: a server that the next run or the host could call
import http.server
http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)

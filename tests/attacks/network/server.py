# expect: wrong_answer
# why: a server that the next run or the host could call, were it not for the run's own network
import http.server
http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)

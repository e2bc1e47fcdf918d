# expect: ok
# stdout: 'heard heard\n'
import http.server
import socket
import threading
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"heard")

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("", 8000), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
said = [
    urllib.request.urlopen(f"http://{name}:8000", timeout=10).read().decode()
    for name in ("127.0.0.1", "localhost")
]
print(*said)

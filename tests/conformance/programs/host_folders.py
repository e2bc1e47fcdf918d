# expect: ok
# stdout: "[]\n"
import os
print([name for name in ("home", "work", "root/.ssh", "var/run/docker.sock", "run/docker.sock", "run/agent/agent.sock") if os.path.exists("/" + name) and (os.path.isfile("/" + name) or os.access("/" + name, os.R_OK) and os.listdir("/" + name))])

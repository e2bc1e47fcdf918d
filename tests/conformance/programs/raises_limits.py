# expect: ok
# stdout: "refused\n"
import resource
try:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print("allowed")
except (ValueError, OSError):
    print("refused")

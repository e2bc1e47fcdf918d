-- expect: nonzero_exit
os.exit(3)

# expect: nonzero_exit
def forever():
    return forever()
forever()

// expect: nonzero_exit
throw Exception("fails")

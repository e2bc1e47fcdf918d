// expect: nonzero_exit
object Main extends App { sys.exit(3) }

-- expect: nonzero_exit
import System.Exit
main = exitWith (ExitFailure 3)

// expect: nonzero_exit
class Fails { static void Main() { System.Diagnostics.Debug.Assert(1 == 2, "does not hold"); } }

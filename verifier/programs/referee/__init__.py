"""The referee: runs the test programs that the trusted side cannot read, apart from candidates."""

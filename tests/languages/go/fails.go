// expect: nonzero_exit
package main

func main() { panic("here") }

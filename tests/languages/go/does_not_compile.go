// expect: compile_error
// message: "imported and not used"
package main

import "fmt"

func main() {}

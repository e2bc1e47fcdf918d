// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
package main

import "fmt"

func main() {
	var a, b int
	fmt.Scan(&a, &b)
	fmt.Println(a + b)
}

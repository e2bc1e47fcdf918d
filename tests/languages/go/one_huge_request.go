// expect: memory_limit | nonzero_exit
package main

func main() {
	bomb := make([]byte, 1<<50)
	bomb[7] = 1
}

// expect: ok
// stdout: "clean\n"
// runs: 3
package main

import (
	"fmt"
	"os"
)

func main() {
	scratch, _ := os.ReadDir("/tmp")
	shared, _ := os.ReadDir("/dev/shm")
	if len(scratch)+len(shared) > 0 {
		fmt.Println("found something")
	} else {
		fmt.Println("clean")
	}
	for _, way := range []string{"/proc/self/exe", "/proc/self/fd/3", "/tmp/main", "/dev/shm/left"} {
		os.Truncate(way, 0)
		os.WriteFile(way, []byte("#!/bin/sh\necho altered\n"), 0o777)
	}
	os.MkdirAll("/tmp/.cache/fake", 0o777)
}

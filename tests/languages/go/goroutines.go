// expect: ok
// stdout: "1000\n"
package main

import (
	"fmt"
	"sync"
)

func main() {
	var group sync.WaitGroup
	var lock sync.Mutex
	count := 0
	for i := 0; i < 1000; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			lock.Lock()
			count++
			lock.Unlock()
		}()
	}
	group.Wait()
	fmt.Println(count)
}

// expect: memory_limit
package main

func main() {
	var bomb [][]byte
	for {
		block := make([]byte, 1<<20)
		for i := range block {
			block[i] = 1
		}
		bomb = append(bomb, block)
	}
}

// expect: nonzero_exit
package main

import "testing"

func TestFails(t *testing.T) { t.Error("fails") }

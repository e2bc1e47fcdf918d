// expect: ok
package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPasses(t *testing.T) { assert.Equal(t, 4, 2*2) }

//go:build !unix

package main

import (
	"errors"
	"os"
)

func freeze(*os.Process) error { return errors.New("a process cannot be frozen on this system") }

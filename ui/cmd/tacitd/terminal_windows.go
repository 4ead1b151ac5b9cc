package main

import (
	"errors"
	"os"
)

// openTerminal opens the console, to be written to and read from. Reading is opened for
// writing too, or what is typed could not be hidden.
func openTerminal() (out, in *os.File, err error) {
	if out, err = os.OpenFile("CONOUT$", os.O_WRONLY, 0); err != nil {
		return nil, nil, err
	}
	if in, err = os.OpenFile("CONIN$", os.O_RDWR, 0); err != nil {
		return nil, nil, errors.Join(err, out.Close())
	}
	return out, in, nil
}

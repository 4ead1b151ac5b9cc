package instance

import "os"

// private reports why a directory cannot be used. Those of a person are theirs alone on
// this system, by what they inherit.
func private(dir string) error {
	_, err := os.Stat(dir)
	return err
}

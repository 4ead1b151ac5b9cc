//go:build !linux

package cryptfs

import "os"

func syncData(f *os.File) error { return f.Sync() }

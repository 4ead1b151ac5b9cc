//go:build !linux

package cryptfs

// Reserve says that the file system gives no room before something is written.
func (osFile) Reserve(off, length int64) (bool, error) { return false, nil }

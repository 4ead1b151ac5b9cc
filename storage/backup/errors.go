package backup

import (
	"bytes"
	"errors"
	"fmt"

	"tacit/storage/vault"
)

var (
	// ErrForeign says that the file is no backup.
	ErrForeign = errors.New("backup: not a backup")
	// ErrNewer says that the file is a backup of a version that this program does not know.
	ErrNewer = errors.New("backup: of a newer version")
	// ErrPassphrase says that the passphrase does not open the backup.
	ErrPassphrase = errors.New("backup: wrong passphrase")
	// ErrDamaged says that the file was a backup and is not whole any more.
	ErrDamaged = errors.New("backup: damaged")
)

// convert turns what vault.Unwrap returned for a header into an error of this package.
func convert(err error, header []byte) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, vault.ErrPassphrase):
		return ErrPassphrase
	case !errors.Is(err, vault.ErrForeign):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(header) >= len(magic) && bytes.HasPrefix(header, []byte(family)) {
		if v := header[len(family)]; v > magic[len(family)] && v <= '9' && header[len(magic)-1] == '\n' {
			return ErrNewer
		}
	}
	return ErrForeign
}

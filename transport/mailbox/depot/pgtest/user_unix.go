//go:build unix

package pgtest

import (
	"errors"
	"os"
	"os/exec"
	osuser "os/user"
	"strconv"
	"syscall"
)

// user is whom the server runs as; nil: as whoever runs this.
type user struct{ *syscall.Credential }

// unprivileged picks the package's own user, or the one that owns nothing.
func unprivileged() (user, error) {
	if os.Getuid() != 0 {
		return user{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGroup := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err, errGroup); err != nil {
			return user{}, err
		}
		return user{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return user{}, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

func (u user) own(dir string) error {
	if u.Credential == nil {
		return nil
	}
	return os.Chown(dir, int(u.Uid), int(u.Gid))
}

func (u user) become(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: u.Credential}
}

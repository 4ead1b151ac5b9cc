//go:build !unix

package pgtest

import "os/exec"

// user is whom the server runs as: here always whoever runs this.
type user struct{}

func unprivileged() (user, error) { return user{}, nil }
func (user) own(string) error     { return nil }
func (user) become(cmd *exec.Cmd) {}

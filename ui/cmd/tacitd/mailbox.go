package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tacit/identity"
	"tacit/storage/durable"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/postgres"
	"tacit/transport/mailbox/depot/sqlite"
	"tacit/transport/mailbox/node"
)

const (
	// mailboxListen is where a node listens unless it is told otherwise.
	mailboxListen = "0.0.0.0:29700"
	// nodeLock keeps a second node from a folder.
	nodeLock = "node.lock"
	// nodeAddress holds the address that the running node has, for `mailbox invite`.
	nodeAddress = "address"
	// maxQuota of an account in MiB: 1 TiB.
	maxQuota = 1 << 20
)

var (
	errNodeRunning = errors.New("another node runs in the folder")
	errNodeFolder  = errors.New("the node's folder cannot be written to")
	errNoAddress   = errors.New("no node has run in the folder")
	errPublic      = errors.New("not a host name or address")
)

// mailboxNode does what is asked of a mailbox node.
func mailboxNode(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "invite":
			return inviteToNode(ctx, args[1:], out)
		case "backup":
			return backupNode(ctx, args[1:])
		}
	}
	return runNode(ctx, args, out)
}

// runNode serves until ctx ends.
func runNode(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := newFlags("mailbox")
	var o node.Options
	dir := flags.String("data", "", "")
	listen := flags.String("listen", mailboxListen, "")
	public := flags.String("public", "", "")
	url := flags.String("postgres", "", "")
	quota := flags.Int64("quota", depot.DefaultQuota>>20, "")
	accounts := flags.Int("accounts", 0, "")
	flags.BoolVar(&o.Closed, "closed", false, "")
	flags.BoolVar(&o.AllowPrivate, "allow-private", false, "")
	flags.StringVar(&o.Metrics, "metrics", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *dir == "" || *quota < 1 || *quota > maxQuota || *accounts < 0 {
		return errUsage
	}
	if o.Listen, err = netip.ParseAddrPort(*listen); err != nil {
		return errUsage
	}
	if o.Public, err = publicAt(*public, o.Listen.Addr()); err != nil {
		return err
	}
	lock, err := lockNode(*dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	if o.Depot, err = openDepot(ctx, *dir, *url, depot.Options{Quota: *quota << 20, Accounts: *accounts}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Depot.Close()) }()
	o.Logger = slog.Default()
	n, err := node.New(ctx, o)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(*dir, nodeAddress), []byte(n.Address().String()+"\n")); err != nil {
		slog.Warn("the address was not stored, so that no invite can be made", "err", errNodeFolder)
	}
	announceNode(out, n.Address()) // whoever reads it may invite
	return n.Run(ctx)
}

// announceNode says where the node is: the first line is for programs, the code for cameras.
func announceNode(out io.Writer, a identity.NodeAddress) {
	fmt.Fprintln(out, "address "+a.String())
	if isTerminal(out) {
		drawQR(out, a.String())
	}
}

// lockNode takes the folder for one node, and makes it.
func lockNode(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errNodeFolder
	}
	lock, err := durable.Lock(filepath.Join(dir, nodeLock))
	switch {
	case errors.Is(err, durable.ErrLocked):
		return nil, errNodeRunning
	case err != nil:
		return nil, errNodeFolder
	}
	return lock, nil
}

// openDepot opens the folder's own database, or the one at a URL.
func openDepot(ctx context.Context, dir, url string, o depot.Options) (depot.Depot, error) {
	if url != "" {
		return postgres.Open(ctx, url, o)
	}
	return sqlite.Open(ctx, dir, o)
}

// publicAt says where clients find the node: where it was told, or where it listens, or
// where this computer seems to be.
func publicAt(told string, listen netip.Addr) (identity.Hint, error) {
	if told != "" {
		return parsePublic(told)
	}
	if !listen.IsUnspecified() {
		return identity.Hint{Addr: listen}, nil
	}
	found, err := net.InterfaceAddrs()
	if err != nil {
		return identity.Hint{}, node.ErrNoPublic
	}
	var addrs []netip.Addr
	for _, a := range found {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			addrs = append(addrs, p.Addr())
		}
	}
	best, known, err := node.Guess(addrs)
	if err == nil && !known {
		fmt.Fprintf(os.Stderr, "tacitd: This computer has no address of the internet, so clients are told %s. If they are elsewhere, say --public HOST[:PORT].\n", best)
	}
	return identity.Hint{Addr: best}, err
}

// parsePublic reads HOST[:PORT]. Without a port, it is the one that is listened on.
func parsePublic(s string) (identity.Hint, error) {
	var h identity.Hint
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.Trim(s, "[]"), "1" // any, to be checked with
	}
	n, portErr := strconv.ParseUint(port, 10, 16)
	h.Port = uint16(n)
	if a, err := netip.ParseAddr(host); err == nil {
		h.Addr = a.Unmap()
	} else {
		h.Name = strings.ToLower(strings.TrimSuffix(host, "."))
	}
	if _, bad := h.Marshal(); bad != nil || portErr != nil {
		return identity.Hint{}, errPublic
	}
	if err != nil {
		h.Port = 0
	}
	return h, nil
}

// inviteToNode lets one more account in and prints the address that does it.
func inviteToNode(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := newFlags("invite")
	dir := flags.String("data", "", "")
	url := flags.String("postgres", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *dir == "" {
		return errUsage
	}
	text, err := os.ReadFile(filepath.Join(*dir, nodeAddress))
	if err != nil {
		return errNoAddress
	}
	a, err := identity.ParseNodeAddress(string(text))
	if err != nil {
		return errNoAddress
	}
	d, err := openDepot(ctx, *dir, *url, depot.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	rand.Read(a.Invite[:])
	if err := d.AddInvite(ctx, time.Now(), a.Invite); err != nil {
		return err
	}
	announceNode(out, a)
	return nil
}

// backupNode copies the database of a node, which may be running.
func backupNode(ctx context.Context, args []string) (err error) {
	flags := newFlags("backup")
	dir := flags.String("data", "", "")
	to := flags.String("to", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *dir == "" || *to == "" {
		return errUsage
	}
	switch _, err := os.Lstat(*to); {
	case err == nil:
		return errFileExists
	case !errors.Is(err, fs.ErrNotExist):
		return errNotWritten
	}
	if _, err := os.Stat(filepath.Join(*dir, nodeAddress)); err != nil {
		return errNoAddress // opening the depot would make one
	}
	d, err := sqlite.Open(ctx, *dir, depot.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Backup(ctx, *to); err != nil {
		slog.Error("backup", "err", err)
		return errNotWritten
	}
	return nil
}

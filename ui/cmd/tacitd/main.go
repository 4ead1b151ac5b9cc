// Tacitd is Tacit without a window: a profile that bots and tests drive by
// JSON-RPC 2.0 on standard input and output. docs/headless.md is its contract.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"tacit/app"
	"tacit/transport"
	"tacit/ui/cmd/internal/build"
	"tacit/ui/cmd/internal/profile"
)

const usage = `tacitd is Tacit without a window.

  tacitd init --profile DIR --name NAME [--passphrase-file F]
        makes a profile in DIR
  tacitd run --profile DIR [--passphrase-file F] [--listen lan|loopback] [--protocol quic|tcp]
        opens it and speaks JSON-RPC 2.0, one object a line, on standard input and output

  tacitd backup --profile DIR --to FILE [--history] [--replace] [--passphrase-file F] [--backup-passphrase-file F]
        writes a sealed copy of the profile, which must be closed, with its messages or without
  tacitd restore --from FILE --profile DIR [--passphrase-file F] [--backup-passphrase-file F]
        makes a profile of such a copy in a new folder

  tacitd mailbox --data DIR [--listen ADDR:PORT] [--public HOST[:PORT]] [--postgres URL] [--closed]
        [--quota MIB] [--accounts N] [--metrics ADDR:PORT] [--allow-private]
        is a mailbox node; its first line on standard output is "address " and what people paste
        into Tacit. docs/mailbox.md is for whoever runs one
  tacitd mailbox invite --data DIR [--postgres URL]
        prints the node's address with a code that lets one more account in
  tacitd mailbox backup --data DIR --to FILE
        copies the node's database, which may be in use

  tacitd --version
        prints which version this is

A passphrase without its file is asked for on the terminal.
`

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := dispatch(ctx, os.Args[1:], os.Stdin, os.Stdout)
	switch {
	case err == nil:
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "tacitd: "+sentence(err))
		os.Exit(1)
	}
}

var errUsage = errors.New("usage")

func dispatch(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "init":
		return initProfile(ctx, args[1:])
	case "run":
		return run(ctx, args[1:], in, out)
	case "backup":
		return backupProfile(ctx, args[1:])
	case "mailbox":
		return mailboxNode(ctx, args[1:], out)
	case "restore":
		return restoreProfile(ctx, args[1:])
	case "--version":
		_, err := fmt.Fprintln(out, build.This().Line("tacitd"))
		return err
	}
	return errUsage
}

func initProfile(ctx context.Context, args []string) error {
	flags := newFlags("init")
	dir := flags.String("profile", "", "")
	name := flags.String("name", "", "")
	passFile := flags.String("passphrase-file", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *dir == "" {
		return errUsage
	}
	if _, _, err := app.CleanName(*name); err != nil {
		return err
	}
	if profile.Exists(*dir) {
		return errProfileExists
	}
	pass, err := passphrase(*passFile, ofProfile, true)
	if err != nil {
		return err
	}
	return profile.Create(ctx, *dir, *name, pass)
}

// protocols are what --protocol may say: for measurements over one of them.
var protocols = map[string]transport.Protocol{"": transport.Both, "quic": transport.QUIC, "tcp": transport.TCP}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := newFlags("run")
	dir := flags.String("profile", "", "")
	passFile := flags.String("passphrase-file", "", "")
	listen := flags.String("listen", string(profile.LAN), "")
	only := flags.String("protocol", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *dir == "" {
		return errUsage
	}
	where := profile.Listen(*listen)
	protocol, known := protocols[*only]
	if where != profile.LAN && where != profile.Loopback || !known {
		return errUsage
	}
	if !profile.Exists(*dir) {
		return errNoProfile
	}
	pass, err := passphrase(*passFile, ofProfile, false)
	if err != nil {
		return err
	}
	p, err := profile.Open(ctx, *dir, pass, profile.Options{Listen: where, Protocol: protocol, Logger: slog.Default()})
	if err != nil {
		return err
	}
	p.Messenger.Watch(true) // a bot wants what comes as it comes
	served := newServer(p.Messenger, out).serve(ctx, in)
	return errors.Join(served, p.Close())
}

func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

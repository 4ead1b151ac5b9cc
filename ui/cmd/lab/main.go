// Lab lets real nodes and real profiles meet over an internet made of network namespaces: on
// every path, over QUIC and over TCP, with packets lost. It prints what became of each, and
// how long punching through routers and recovering from losses took.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tacit/ui/cmd/internal/netlab"
)

// plan is what to run.
type plan struct {
	paths     []string
	protocols []string
	losses    []int // percent
	messages  int   // of each trial
	tries     int   // of each target; 0: none
	verbose   bool
}

func main() {
	p, err := readPlan(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, p); {
	case errors.Is(err, netlab.ErrRefused):
		fmt.Println("The lab builds networks of its own, which takes Linux, root, and the programs ip and nft (Debian: iproute2 nftables).")
		fmt.Println("Nothing was changed:", err)
	case ctx.Err() != nil:
		fmt.Println("Interrupted. The networks of the lab are gone.")
	case err != nil:
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func readPlan(args []string) (p plan, err error) {
	flags := flag.NewFlagSet("lab", flag.ContinueOnError)
	only := flags.String("paths", strings.Join(pathNames, ","), "which paths, of these")
	protocols := flags.String("protocols", "quic,tcp", "which protocols, of these")
	losses := flags.String("loss", "0,10,30", "percent of packets lost")
	flags.IntVar(&p.messages, "messages", 5, "texts of each trial")
	flags.IntVar(&p.tries, "tries", 20, "how often each target is tried; 0: not at all")
	flags.BoolVar(&p.verbose, "v", false, "show what the programs log")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	if p.paths, err = among(*only, pathNames); err != nil {
		return p, err
	}
	if p.protocols, err = among(*protocols, []string{"quic", "tcp"}); err != nil {
		return p, err
	}
	for _, word := range split(*losses) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 || n > 90 {
			return p, fmt.Errorf("%q is no share of packets to lose (0 to 90)", word)
		}
		p.losses = append(p.losses, n)
	}
	if p.messages < 1 || p.tries < 0 {
		return p, errors.New("at least one message, and no negative number of tries")
	}
	return p, nil
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// among returns the words of a list, each of which must be known.
func among(list string, known []string) ([]string, error) {
	words := split(list)
	for _, word := range words {
		if !slices.Contains(known, word) {
			return nil, fmt.Errorf("%q is none of %s", word, strings.Join(known, ", "))
		}
	}
	return words, nil
}

func run(ctx context.Context, p plan) error {
	began := time.Now()
	w, err := newWorld(ctx, p.verbose)
	if err != nil {
		return err
	}
	defer w.close()
	fmt.Println("Nodes, routers and homes are up; two profiles are being paired.")
	if err := w.pair(ctx); err != nil {
		return err
	}
	fmt.Println()
	fmt.Println(header())
	var done []result
	for _, path := range p.paths {
		for _, protocol := range p.protocols {
			for _, loss := range p.losses {
				r := w.try(ctx, trial{path, protocol, loss}, p.messages)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				fmt.Println(r.row())
				done = append(done, r)
			}
		}
	}
	fmt.Println()
	fmt.Println(summary(done))
	if p.tries > 0 {
		fmt.Println()
		w.targets(ctx, p.tries)
	}
	fmt.Printf("\n%s in all\n", time.Since(began).Round(time.Second))
	return ctx.Err()
}

// E2e drives two real windows of Tacit by keyboard and mouse on an X server without a
// monitor, each in a network namespace of its own, and writes screenshots. What it knows
// of a window it reads off the picture, as a person does.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	shots := flag.String("screenshots", "tmp/e2e", "the folder for screenshots")
	flag.Parse()
	if err := run(*shots); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1)
	}
}

func run(shots string) (err error) {
	began := time.Now()
	s, err := newStage(shots)
	if err != nil {
		return err
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- s.play(story) }()
	select {
	case err = <-ended:
	case sig := <-interrupted:
		err = fmt.Errorf("ended by signal: %v", sig)
	}
	if closed := s.close(); err == nil {
		err = closed
	}
	if err == nil {
		fmt.Printf("%6.1f s  in all; the screenshots are in %s\n", time.Since(began).Seconds(), shots)
	}
	return err
}

// story is what two people do on their first day.
var story = []scene{
	{"first start of both", firstStart},
	{"a card, opened from its picture", exchangeCard},
	{"the codes, read and typed", compareCodes},
	{"codes that differ", mismatch},
	{"the same two again", secondTry},
	{"a conversation in three languages", converse},
	{"search", search},
	{"a message's menu and details", lookAtMessage},
	{"details and safety number", lookAtDetails},
	{"a long name", rename},
	{"dark", dark},
	{"settings", lookAtSettings},
	{"privacy and the network", switchPrivacy},
	{"the sheet of keys", lookAtKeys},
	{"one pane", onePane},
	{"text at 200 %", largeText},
	{"new keys", renewKeys},
	{"locked, and a wrong passphrase", wrongPassphrase},
	{"locked in a hurry", panicKey},
	{"a changed passphrase", changePassphrase},
	{"two profiles of one person", twoProfiles},
	{"an answer, reactions and an edit", answerAndReact},
	{"a message taken back, another forwarded", takeBack},
	{"where a link leads", followLink},
	{"a picture", sendPicture},
	{"a file", sendFile},
	{"messages that disappear", setTimer},
	{"a search in one chat", searchHere},
	{"pinned, muted, archived", markChats},
	{"killed while the other writes", killed},
	{"a mailbox for both", useMailboxes},
	{"never there together", neverBoth},
}

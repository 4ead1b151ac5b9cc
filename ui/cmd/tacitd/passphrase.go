package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// maxPassphraseFile bounds what is read: a passphrase is a sentence, not a book.
const maxPassphraseFile = 4096

var (
	errNoTerminal      = errors.New("no terminal to ask on")
	errPassphraseFile  = errors.New("passphrase file")
	errPassphraseEmpty = errors.New("empty passphrase")
	errPassphraseTwice = errors.New("passphrases differ")
)

// What a passphrase opens, as it is asked for.
const (
	ofProfile = "Passphrase"
	ofBackup  = "Passphrase of the backup"
)

// passphrase reads the passphrase from a file (its last line end is not part of
// it) or asks for it on the terminal, twice where it is a new one.
func passphrase(file, what string, twice bool) (string, error) {
	if file == "" {
		return ask(what, twice)
	}
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errPassphraseFile, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPassphraseFile+1))
	if err != nil {
		return "", fmt.Errorf("%w: %w", errPassphraseFile, err)
	}
	if len(b) > maxPassphraseFile {
		return "", fmt.Errorf("%w: longer than %d bytes", errPassphraseFile, maxPassphraseFile)
	}
	b = bytes.TrimSuffix(b, []byte("\n"))
	b = bytes.TrimSuffix(b, []byte("\r"))
	if len(b) == 0 {
		return "", errPassphraseEmpty
	}
	return string(b), nil
}

// ask uses the controlling terminal, because standard input carries the requests.
func ask(what string, twice bool) (string, error) {
	out, in, err := openTerminal()
	if err != nil {
		return "", errNoTerminal
	}
	defer out.Close()
	defer in.Close()
	first, err := prompt(out, in, what+": ")
	if err != nil {
		return "", err
	}
	if twice {
		second, err := prompt(out, in, what+", again: ")
		if err != nil {
			return "", err
		}
		if first != second {
			return "", errPassphraseTwice
		}
	}
	if first == "" {
		return "", errPassphraseEmpty
	}
	return first, nil
}

func prompt(out, in *os.File, words string) (string, error) {
	fmt.Fprint(out, words)
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(out)
	if err != nil {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	return string(b), nil
}

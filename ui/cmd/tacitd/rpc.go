package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"tacit/app"
)

// maxLine bounds a request. A text of 1 MB must still be read to be refused in
// words, so the limit is well above it, six bytes a character escaped included.
const maxLine = 8 << 20

// Error codes of JSON-RPC 2.0, section 5.1; codeApp is the first of the range left to programs.
const (
	codeParse          = -32700
	codeInvalidRequest = -32600
	codeNoMethod       = -32601
	codeInvalidParams  = -32602
	codeInternal       = -32603
	codeApp            = -32000
)

type request struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

type response struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

type notification struct {
	Version string `json:"jsonrpc"`
	Method  string `json:"method"`
	Params  any    `json:"params"`
}

type rpcError struct {
	Code    int       `json:"code"`
	Message string    `json:"message"`
	Data    errorData `json:"data"`
}

type errorData struct {
	Code string `json:"code"` // a stable word
}

// callError is a fault of the call itself, found before the messenger was asked.
type callError struct {
	code int
	word string
	text string
}

func (e *callError) Error() string { return e.text }

func invalidParams(text string) error {
	return &callError{codeInvalidParams, "invalid_params", text}
}

// toError turns what a method returned into what the caller reads.
func toError(err error) *rpcError {
	var call *callError
	if errors.As(err, &call) {
		return &rpcError{call.code, call.text, errorData{call.word}}
	}
	word := app.Code(err)
	if word == "internal" {
		return &rpcError{codeInternal, "Tacit failed inside. Nothing was sent; the log on standard error says more.", errorData{word}}
	}
	return &rpcError{codeApp, sentence(err), errorData{word}}
}

// parse reads one line. A returned error is to be answered with the request's ID.
func parse(line []byte) (request, error) {
	var r request
	line = bytes.TrimSpace(line)
	if !json.Valid(line) {
		return r, &callError{codeParse, "parse_error", "This line is not JSON. One object a line is expected."}
	}
	if line[0] != '{' || json.Unmarshal(line, &r) != nil || r.Method == "" || r.Version != "" && r.Version != "2.0" {
		return r, &callError{codeInvalidRequest, "invalid_request", "This is not a JSON-RPC 2.0 request object."}
	}
	return r, nil
}

// decode fills a method's parameters and refuses what it does not know, so that a
// misspelt parameter is an error and not a default.
func decode(raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return invalidParams("The parameters of this method are an object; one of them is unknown or of the wrong type.")
	}
	return nil
}

// writer puts whole lines on the output.
type writer struct {
	mu  sync.Mutex
	enc *json.Encoder // guarded by mu
	err error         // guarded by mu; the first failure, kept
}

func newWriter(w io.Writer) *writer {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &writer{enc: enc}
}

func (w *writer) write(v any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = w.enc.Encode(v)
	}
	return w.err
}

// failed returns why the output takes no more, nil while it does.
func (w *writer) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

var errLineTooLong = &callError{codeInvalidRequest, "line_too_long", "This line is too long to be a request. It was passed over."}

// readLine returns the next line without its end. A line above maxLine is read to
// its end, not kept, and reported as errLineTooLong.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		long = long || len(line)+len(part) > maxLine
		if !long {
			line = append(line, part...)
		} else {
			line = nil
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil, errors.Is(err, io.EOF) && len(line) > 0:
			if long {
				return nil, errLineTooLong
			}
			return line, nil
		default:
			return nil, err
		}
	}
}

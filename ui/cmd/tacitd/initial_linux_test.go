package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// initials opens the Initial packets of QUIC version 1, whose keys everybody on the way
// can derive (RFC 9001, section 5.2), as an eavesdropper does to read the TLS hellos.
type initials struct {
	seen [][]byte // destinations that were named: the first of a connection is its secret
}

const initialSecretSize = 32

// Hexadecimal digits of the salt of version 1 (RFC 9001, section 5.2).
const initialSalt = "38762cf7f55934b34d179ae6a4c80cadccbb7f0a"

// open returns the frames in an Initial packet at the start of a datagram.
func (in *initials) open(datagram []byte) (frames []byte, ok bool) {
	const long, version1 = 0xc0, 1
	if len(datagram) < 7 || datagram[0]&0xf0 != long || binary.BigEndian.Uint32(datagram[1:]) != version1 {
		return nil, false
	}
	r := reader{rest: datagram[5:]}
	to := r.take(int(r.byte()))
	r.take(int(r.byte())) // from
	r.take(r.varint())    // token
	size := r.varint()
	at := len(datagram) - len(r.rest)
	if r.short || size < 20 || size > len(r.rest) {
		return nil, false
	}
	if !slices.ContainsFunc(in.seen, func(s []byte) bool { return string(s) == string(to) }) {
		in.seen = append(in.seen, to)
	}
	for _, secret := range in.seen {
		for _, side := range []string{"client in", "server in"} {
			if frames, ok := openInitial(secret, side, datagram[:at+size], at); ok {
				return frames, true
			}
		}
	}
	return nil, false
}

// openInitial tries the keys of one side of one connection; the packet's number begins
// at the given place.
func openInitial(connection []byte, side string, packet []byte, at int) ([]byte, bool) {
	salt, err := hex.DecodeString(initialSalt)
	if err != nil {
		return nil, false
	}
	initial, err := hkdf.Extract(sha256.New, connection, salt)
	if err != nil {
		return nil, false
	}
	secret := expandLabel(initial, side, initialSecretSize)
	body, err := aes.NewCipher(expandLabel(secret, "quic key", 16))
	if err != nil {
		return nil, false
	}
	header, err := aes.NewCipher(expandLabel(secret, "quic hp", 16))
	if err != nil {
		return nil, false
	}
	aead, err := cipher.NewGCM(body)
	if err != nil {
		return nil, false
	}
	packet = slices.Clone(packet)
	var mask [16]byte
	header.Encrypt(mask[:], packet[at+4:at+20])
	packet[0] ^= mask[0] & 15
	numberSize := int(packet[0]&3) + 1
	nonce := expandLabel(secret, "quic iv", aead.NonceSize())
	for i := range numberSize {
		packet[at+i] ^= mask[1+i]
		nonce[len(nonce)-numberSize+i] ^= packet[at+i]
	}
	frames, err := aead.Open(nil, nonce, packet[at+numberSize:], packet[:at+numberSize])
	return frames, err == nil
}

// expandLabel is HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1) with no context.
func expandLabel(secret []byte, label string, size int) []byte {
	label = "tls13 " + label
	info := append([]byte{0, byte(size), byte(len(label))}, label...)
	out, err := hkdf.Expand(sha256.New, secret, string(append(info, 0)), size)
	if err != nil {
		panic(err) // a constant of this file is wrong
	}
	return out
}

// reader takes fields off the front of a packet.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.short, r.rest = true, nil
		return make([]byte, 1)
	}
	var field []byte
	field, r.rest = r.rest[:n:n], r.rest[n:]
	return field
}

func (r *reader) byte() byte { return r.take(1)[0] }

// varint reads a length of RFC 9000, section 16.
func (r *reader) varint() int {
	first := r.byte()
	v := int(first & 63)
	for range 1<<(first>>6) - 1 {
		v = v<<8 | int(r.byte())
	}
	return v
}

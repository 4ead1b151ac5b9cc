package mailbox

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"tacit/identity"
)

// Layout of a key record.
const (
	recordVersion = 1
	recordKEM     = 1
	recordFrom    = recordKEM + identity.KEMPublicSize
	recordUntil   = recordFrom + 8
	recordSigned  = recordUntil + 8 // 1233: what the signature covers

	signKey   = "tacit/1/node key" // contexts of Ed25519ctx (RFC 8032, section 5.1)
	signLogin = "tacit/1/login"
)

// KeyID names a key of a node: SHA-256("tacit/1/node" || xwPk)[:8].
type KeyID [KeyIDSize]byte

// KeyRecord is what a node says of the key that talks are sealed to.
type KeyRecord struct {
	Public      identity.PublicKey
	ID          KeyID
	From, Until int64 // seconds since 1970
}

// ParseKeyRecord reads a record of the node with this Ed25519 key, which signed it.
// ErrMalformed also for the record of another node.
func ParseKeyRecord(node [32]byte, b []byte) (KeyRecord, error) {
	if len(b) != KeyRecordSize || b[0] != recordVersion {
		return KeyRecord{}, ErrMalformed
	}
	sig := &ed25519.Options{Context: signKey}
	if ed25519.VerifyWithOptions(node[:], b[:recordSigned], b[recordSigned:], sig) != nil {
		return KeyRecord{}, ErrMalformed
	}
	public, err := identity.ParsePublicKey(b[recordKEM:recordFrom])
	if err != nil {
		return KeyRecord{}, ErrMalformed
	}
	from, until := binary.BigEndian.Uint64(b[recordFrom:]), binary.BigEndian.Uint64(b[recordUntil:])
	if until > endOfTime || from >= until {
		return KeyRecord{}, ErrMalformed
	}
	return KeyRecord{public, keyID(b[recordKEM:recordFrom]), int64(from), int64(until)}, nil
}

// endOfTime is the year 10000 in seconds since 1970: far beyond it a time overflows.
const endOfTime = 253402300800

// Holds reports whether the record is of this time, give or take ClockGrace. An older one
// is of a key that the node has erased, and that somebody may have stolen before.
func (r KeyRecord) Holds(now time.Time) bool {
	grace := int64(ClockGrace / time.Second)
	return r.From-grace <= now.Unix() && now.Unix() <= r.Until+grace
}

func keyID(public []byte) KeyID {
	sum := sha256.Sum256(append([]byte("tacit/1/node"), public...))
	return KeyID(sum[:KeyIDSize])
}

// Key is a node's own key. It is immutable.
type Key struct {
	seed        [identity.KEMSeedSize]byte
	private     identity.PrivateKey
	id          KeyID
	from, until int64
}

// keySize is the size of a stored key: seed 32 || from 8 || until 8.
const keySize = identity.KEMSeedSize + 8 + 8

// NewKey makes a fresh key that is taken for twice KeyLife from now.
func NewKey(now time.Time) Key {
	var seed [identity.KEMSeedSize]byte
	rand.Read(seed[:])
	return newKey(seed, now.Unix(), now.Add(2*KeyLife).Unix())
}

func newKey(seed [identity.KEMSeedSize]byte, from, until int64) Key {
	k := Key{seed: seed, private: identity.NewPrivateKey(seed), from: from, until: until}
	k.id = keyID(k.private.Public())
	return k
}

// ID names the key.
func (k Key) ID() KeyID { return k.id }

// Until is when the key is to be erased; from KeyLife before on another one is signed.
func (k Key) Until() time.Time { return time.Unix(k.until, 0) }

// Record returns what the node with this Ed25519 key answers to OpenKey, KeyRecordSize bytes.
func (k Key) Record(node ed25519.PrivateKey) []byte {
	b := make([]byte, 0, KeyRecordSize)
	b = append(b, recordVersion)
	b = append(b, k.private.Public()...)
	b = binary.BigEndian.AppendUint64(b, uint64(k.from))
	b = binary.BigEndian.AppendUint64(b, uint64(k.until))
	sig, err := node.Sign(nil, b, &ed25519.Options{Context: signKey})
	if err != nil {
		panic(err) // only for a longer context
	}
	return append(b, sig...)
}

// Marshal returns the key as bytes to be stored, secret: seed 32 || from 8 || until 8.
func (k Key) Marshal() []byte {
	b := append(make([]byte, 0, keySize), k.seed[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(k.from))
	return binary.BigEndian.AppendUint64(b, uint64(k.until))
}

// UnmarshalKey reads what Marshal returned. ErrMalformed.
func UnmarshalKey(b []byte) (Key, error) {
	if len(b) != keySize {
		return Key{}, ErrMalformed
	}
	from, until := binary.BigEndian.Uint64(b[32:]), binary.BigEndian.Uint64(b[40:])
	if until > endOfTime || from >= until {
		return Key{}, ErrMalformed
	}
	return newKey([identity.KEMSeedSize]byte(b), int64(from), int64(until)), nil
}

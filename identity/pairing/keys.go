package pairing

import (
	"crypto/sha256"

	"tacit/identity"
)

func deriveK1(ss []byte, invite [16]byte, m1, ct []byte) key {
	salt, transcript := sha256.Sum256(invite[:]), identity.Hash(m1, ct)
	return derive(ss, salt[:], "k1"+string(transcript[:]))
}

func deriveK2(ss []byte, k1, t2 key, bundleR identity.Bundle, ctR []byte) key {
	info := identity.Join([]byte("k2"), t2[:], bundleR[:], ctR)
	return derive(ss, k1[:], string(info))
}

// derive returns a key of which nothing else keeps a copy.
func derive(secret, salt []byte, info string) key {
	b := identity.Derive(secret, salt, info, 32)
	defer clear(b)
	return key(b)
}

func commit(bundleS identity.Bundle, profileS []byte, nonceS key, ephemeral []byte) key {
	return identity.Hash([]byte("tacit/1/com"), bundleS[:], profileS, nonceS[:], ephemeral)
}

// transcript is what both sides know once the last secret is made.
type transcript struct {
	t2               key
	bundleS, bundleR identity.Bundle
	profileS         []byte
	nonceS, nonceR   key
	ctR, ctS         []byte
}

// outcome is what both sides derive from the transcript and the last secret.
type outcome struct {
	tagR, tagS key
	secrets    Secrets // without Sender, RatchetKey and Peer
	digits     [2 * codeDigits]byte
}

func (t transcript) finish(ss []byte, k2 key) outcome {
	h := identity.Hash(t.t2[:], t.bundleS[:], t.profileS, t.bundleR[:], t.nonceS[:], t.nonceR[:], t.ctR, t.ctS)
	mk := identity.Derive(ss, k2[:], "mk"+string(h[:]), 32)
	defer clear(mk)
	keys := identity.Derive(mk, nil, "tacit/1/session", 4*32)
	defer clear(keys)
	fpS, fpR := t.bundleS.Fingerprint(), t.bundleR.Fingerprint()
	return outcome{
		tagR: identity.MAC(mk, []byte("R")),
		tagS: identity.MAC(mk, []byte("S")),
		secrets: Secrets{
			SK: key(keys), HKa: key(keys[32:]), NHKb: key(keys[64:]), RS: key(keys[96:]),
			T2: t.t2, AD: identity.Hash(fpS[:], fpR[:], []byte{1}),
		},
		digits: t.shortString(),
	}
}

func infoE(m1 []byte) []byte {
	h := identity.Hash(m1)
	return append([]byte("tacit/1/pair/e"), h[:]...)
}

func infoR(t2 key) []byte { return append([]byte("tacit/1/pair/R"), t2[:]...) }

// infoS takes M3 apart because it binds to both of its halves.
func infoS(t2 key, m3 []byte) []byte {
	h := identity.Hash(t2[:], m3[:ctSize], m3[ctSize:])
	return append([]byte("tacit/1/pair/S"), h[:]...)
}

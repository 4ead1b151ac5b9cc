// Package identity says who somebody is: the long-term keys of a person, the
// fingerprint that names them, the card by which two people meet, and the
// primitives that every protocol package shares.
//
// # Bytes
//
// All integers are big-endian. Every structure has one encoding; a decoder
// refuses a wrong length, trailing bytes and padding that is not as written.
//
// Several values that are hashed, authenticated or bound to a key together go
// through [Join], which puts the length of each before it as 4 bytes, so no two
// lists of values give the same bytes. The only values hashed without it are one
// label followed by one value of fixed length, as the formulas below show.
//
//	cAEAD(K, P, A)   n 24 || com 32 || XChaCha20-Poly1305(k, n, P, A)
//	                 k || com = HKDF(K, salt=n, "tacit/1/aead" || SHA256(A), 64)
//	KEM              X-Wing: seed 32, public key 1216, ciphertext 1120, secret 32
//	                 HPKE base mode, HKDF-SHA256, export only; Export("ss", 32)
//	bundle 1249      0x01 || edPk 32 || xwPk 1216
//	                 edPk of HKDF(root, "", "tacit/1/ed25519", 32) as seed,
//	                 xwPk of HKDF(root, "", "tacit/1/xwing", 32) as seed
//	fingerprint 32   SHA256("tacit/1/id" || bundle)
//	safety number    for each fp, the lower first: SHA512("tacit/1/sn" || fp)[:30]
//	                 as six 5-byte numbers mod 100000, five digits each
//	card 54 to 118   0x01 || flags 1 || fp 32 || inv 16 || expiry 4 || hint 0 to 64
//	                 as "TACIT1:" and unpadded upper-case base32
//	hint 36 to 64    type 1 || node edPk 32 || port 2 || IPv4 4, IPv6 16 or name 1 to 29
//	kb of a card     HKDF(inv, "", "lan", 32)
//	hello 4096       255 tags of 16 || 16 random bytes
//	                 tag = HMAC(kb, Join("d", E_D, E_L))[:16]
//	answer 32        HMAC(kb, Join("l", E_L, E_D)), or random where nothing matched
//
// Every HKDF, HMAC and unnamed hash is with SHA-256.
package identity

// Package backup is the sealed file that carries records of a profile to another folder or another computer.
//
//	header      a random data key, wrapped by the passphrase (vault.Wrap)
//	chunk 0..n  of one size; each says its number and whether it is the last
//
// The records are cut into chunks as they come, the last of which is filled up; then empty
// chunks follow until their number is a power of two. So the file tells that it is a
// backup, what its passphrase costs, and the length of its content to a factor of two.
// What the records are is the business of who writes them (storage).
package backup

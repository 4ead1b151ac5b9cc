package vault

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"testing"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/blake2b"
)

// TestRFC9106 runs the vector of RFC 9106, section 5.3. It has a secret and associated
// data, which golang.org/x/crypto/argon2 does not take, so it is given by the plain
// reading of the RFC below; and derive must be what that reading is without the two.
func TestRFC9106(t *testing.T) {
	repeat := func(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }
	got := plainArgon2id(repeat(1, 32), repeat(2, 16), repeat(3, 8), repeat(4, 12), 3, 32, 4, 32)
	if want := unhex(t, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"); !bytes.Equal(got, want) {
		t.Fatalf("the vector of the RFC: %x", got)
	}
	for _, c := range []struct {
		time, memory uint32
		lanes        uint8
	}{{1, 8, 1}, {3, 32, 4}, {2, 100, 3}, {4, 513, 2}, {1, 4096, 16}} {
		want := plainArgon2id([]byte("passphrase"), repeat(7, 32), nil, nil, c.time, c.memory, uint32(c.lanes), keySize)
		if got := argon2.IDKey([]byte("passphrase"), repeat(7, 32), c.time, c.memory, c.lanes, keySize); !bytes.Equal(got, want) {
			t.Errorf("%+v: %x, by the RFC %x", c, got, want)
		}
	}
	want := plainArgon2id([]byte("passphrase"), repeat(7, 32), nil, nil, LeastCost.Time, LeastCost.Memory, uint32(LeastCost.Lanes), keySize)
	if got := derive("passphrase", repeat(7, 32), LeastCost); !bytes.Equal(got, want) {
		t.Errorf("derive: %x, by the RFC %x", got, want)
	}
}

// TestReferenceArgon2 runs a vector of the reference implementation (phc-winner-argon2,
// test.c), at a cost that a vault may have.
func TestReferenceArgon2(t *testing.T) {
	got := derive("password", []byte("somesalt"), Cost{Time: 2, Memory: 1 << 16, Lanes: 1})
	if want := unhex(t, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"); !bytes.Equal(got, want) {
		t.Errorf("%x", got)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// argonBlock is 1 KiB (section 3.2).
type argonBlock [128]uint64

// plainArgon2id is RFC 9106, section 3, read line by line, for one thread.
func plainArgon2id(password, salt, secret, data []byte, time, memory, lanes, size uint32) []byte {
	var in []byte
	for _, n := range []uint32{lanes, size, memory, time, 0x13, 2} {
		in = binary.LittleEndian.AppendUint32(in, n)
	}
	for _, b := range [][]byte{password, salt, secret, data} {
		in = append(binary.LittleEndian.AppendUint32(in, uint32(len(b))), b...)
	}
	h0 := blake2b.Sum512(in)
	a := &argonMatrix{lanes: lanes, length: memory / (4 * lanes) * 4, time: time, memory: memory / (4 * lanes) * 4 * lanes}
	a.blocks = make([]argonBlock, a.lanes*a.length)
	for l := range lanes {
		for j := range uint32(2) {
			seed := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(bytes.Clone(h0[:]), j), l)
			first := longHash(seed, 1024)
			for k := range a.at(l, j) {
				a.at(l, j)[k] = binary.LittleEndian.Uint64(first[8*k:])
			}
		}
	}
	for pass := range time {
		for slice := range uint32(4) {
			for l := range lanes {
				a.fill(pass, slice, l)
			}
		}
	}
	last := *a.at(0, a.length-1)
	for l := uint32(1); l < lanes; l++ {
		last.xor(a.at(l, a.length-1))
	}
	var out []byte
	for _, w := range last {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	return longHash(out, size)
}

type argonMatrix struct {
	blocks                      []argonBlock
	lanes, length, time, memory uint32
}

func (a *argonMatrix) at(lane, column uint32) *argonBlock { return &a.blocks[lane*a.length+column] }

// fill computes one segment (sections 3.4 and 3.5).
func (a *argonMatrix) fill(pass, slice, lane uint32) {
	segment := a.length / 4
	var input, addresses argonBlock
	input[0], input[1], input[2], input[3], input[4], input[5] = uint64(pass), uint64(lane), uint64(slice), uint64(a.memory), uint64(a.time), 2
	independent := pass == 0 && slice < 2 // Argon2i there, Argon2d elsewhere
	for i := range segment {
		if independent && i%128 == 0 {
			input[6]++
			addresses = compress(&argonBlock{}, compressed(&argonBlock{}, &input))
		}
		column := slice*segment + i
		if pass == 0 && column < 2 {
			continue
		}
		previous := a.at(lane, (column+a.length-1)%a.length)
		j := previous[0]
		if independent {
			j = addresses[i%128]
		}
		next := compress(previous, a.reference(pass, slice, lane, i, j))
		if pass > 0 {
			next.xor(a.at(lane, column))
		}
		*a.at(lane, column) = next
	}
}

// reference maps J1 and J2 to a block (section 3.4.2).
func (a *argonMatrix) reference(pass, slice, lane, i uint32, j uint64) *argonBlock {
	segment := a.length / 4
	from := uint32(j>>32) % a.lanes
	if pass == 0 && slice == 0 {
		from = lane
	}
	// Whole segments that are complete, and of the own lane what was filled in this one.
	window, start := 3*segment, (slice+1)%4*segment
	if pass == 0 {
		window, start = slice*segment, 0
	}
	if from == lane {
		window += i - 1
	} else if i == 0 {
		window--
	}
	x := (j & (1<<32 - 1)) * (j & (1<<32 - 1)) >> 32
	y := uint64(window) * x >> 32
	return a.at(from, uint32((uint64(start)+uint64(window)-1-y)%uint64(a.length)))
}

func (b *argonBlock) xor(other *argonBlock) {
	for i := range b {
		b[i] ^= other[i]
	}
}

func compressed(x, y *argonBlock) *argonBlock {
	b := compress(x, y)
	return &b
}

// compress is G (section 3.5).
func compress(x, y *argonBlock) argonBlock {
	r := *x
	r.xor(y)
	z := r
	for i := range 8 { // rows of 8 registers of 2 words
		var row [16]*uint64
		for k := range row {
			row[k] = &z[16*i+k]
		}
		permute(row)
	}
	for i := range 8 { // columns
		var column [16]*uint64
		for k := range column {
			column[k] = &z[16*(k/2)+2*i+k%2]
		}
		permute(column)
	}
	z.xor(&r)
	return z
}

// permute is P (section 3.6).
func permute(v [16]*uint64) {
	mix := func(a, b, c, d *uint64) {
		for _, turn := range [2][2]int{{32, 24}, {16, 63}} {
			*a += *b + 2*uint64(uint32(*a))*uint64(uint32(*b))
			*d = bits.RotateLeft64(*d^*a, -turn[0])
			*c += *d + 2*uint64(uint32(*c))*uint64(uint32(*d))
			*b = bits.RotateLeft64(*b^*c, -turn[1])
		}
	}
	for i := range 4 {
		mix(v[i], v[4+i], v[8+i], v[12+i])
	}
	for i := range 4 {
		mix(v[i], v[4+(i+1)%4], v[8+(i+2)%4], v[12+(i+3)%4])
	}
}

// longHash is H' (section 3.3).
func longHash(in []byte, size uint32) []byte {
	in = append(binary.LittleEndian.AppendUint32(nil, size), in...)
	hash := func(b []byte, n int) []byte {
		h, err := blake2b.New(n, nil)
		if err != nil {
			panic(err)
		}
		h.Write(b)
		return h.Sum(nil)
	}
	if size <= 64 {
		return hash(in, int(size))
	}
	var out []byte
	v := hash(in, 64)
	for rest := size; ; {
		out = append(out, v[:32]...)
		rest -= 32
		if rest <= 64 {
			return append(out, hash(v, int(rest))...)
		}
		v = hash(v, 64)
	}
}

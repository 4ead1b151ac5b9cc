package ogg

const (
	// MaxFile bounds a file that is read, in bytes: the longest note of ours is 2.8 MB,
	// and a quarter of an hour at 128 kbit/s fits.
	MaxFile = 16 << 20
	// maxPackets bounds the packets of a file: an hour in packets of 20 ms. A hostile file
	// has packets of a byte or two, and each costs 24 bytes to remember.
	maxPackets = 180_000
	// maxTags bounds the comments, which are skipped; encoders write some 100 bytes, and
	// those who put a picture there make no voice notes.
	maxTags = 64 << 10
	// MaxPacket is the greatest number of samples of a packet: 120 ms (RFC 6716, 2.1.4).
	MaxPacket = Rate * 120 / 1000
	// pagePackets is how many packets of 20 ms a page of ours holds: a second, so that the
	// headers take 2.5 % of the file.
	pagePackets = 50
)

package picture

const (
	// MaxSide and MaxPixels bound what is worth decoding: 50 megapixels are 200 MB in memory.
	MaxSide   = 20000
	MaxPixels = 50_000_000

	// MaxGrowth is by how many bytes a picture without its metadata may be longer: where its
	// EXIF was shorter than the one that says its orientation.
	MaxGrowth = 64

	// SniffSize is how many leading bytes Sniff looks at, at most.
	SniffSize = 32
	// maxExif bounds a block of EXIF that is looked into: what a segment of JPEG holds.
	maxExif = 64 << 10
	// maxParts bounds the parts of a WebP; each frame of an animation is one.
	maxParts = 1 << 16
	// pieceSize is how much compressed data is looked through at a time.
	pieceSize = 32 << 10
)

package preview

const (
	// maxMemory bounds what decoding one picture may take, in bytes: the pixels as the
	// decoders of Go's library keep them. 50 megapixels of a plain JPEG take 150 MB; a
	// progressive one keeps its coefficients too, and may have 17 megapixels.
	maxMemory = 256 << 20
	// maxCached bounds what is kept of pictures that were shown, in bytes: some thirty
	// screens wide on a large screen.
	maxCached = 48 << 20
	// maxFailed bounds how many pictures are remembered as not fit to be shown.
	maxFailed = 4096
	// maxSide bounds the side of a picture that is kept, in pixels, whatever is asked for:
	// a viewer over a large screen.
	maxSide = 4096
)

package scan

const (
	// maxDouble is the longest side of a picture that is also searched at twice its size:
	// small modules are what that helps, and larger pictures have few.
	maxDouble = 1600

	// maxSide keeps the sums over a picture within 32 bits: 255 times a square of it.
	maxSide = 4096

	// maxVersion is the largest code that is looked for where it leans: a card with the
	// longest hint takes version 9, whose modules are still seen from a hand's distance.
	maxVersion = 14

	// maxCorners is how many corner patterns are looked at in one try: the library weighs
	// every three of them against each other, so that a picture full of them would take
	// hours, which nothing could end. Noise of 3000 x 2250 pixels has 240.
	maxCorners = 400

	// maxText bounds what a code may say: the longest is 7089 digits.
	maxText = 8192
)

package start

const (
	// maxPassphraseRunes bounds what is estimated and derived: a longer text is a paste by
	// mistake, and the estimate is quadratic in the length of its words.
	maxPassphraseRunes = 256

	// suggestedWords of the EFF list carry 6 x 12.9 = 77 bits.
	suggestedWords = 6

	// The steps of the strength meter, in bits. Argon2id with 256 MiB leaves even a very
	// large attacker some 2^20 guesses a second. Against that, 28 bits last minutes, 45
	// bits about a year, and 64 bits longer than anybody will wait.
	guessableBits  = 28
	hardBits       = 45
	impossibleBits = 64

	// maxRepeatBlock is the longest block recognised when it is written again and again.
	maxRepeatBlock = 16

	// minSequence is the shortest run along an alphabet or a keyboard that counts as one.
	minSequence = 3
)

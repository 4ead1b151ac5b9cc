package lang

// form names the plural form that a language has for n of something: one of CLDR's
// "zero", "one", "two", "few", "many" and "other". n counts things, so it is whole; a
// negative one has the form of its amount.
type form func(n int) string

// The rules are those for cardinal numbers in CLDR 48 (supplemental/plurals.xml). French
// has a form "many" for whole millions ("un million de fichiers"); nothing here is counted
// that far, and its text is "other".

func pluralEnglish(n int) string {
	if n == 1 || n == -1 {
		return "one"
	}
	return "other"
}

func pluralFrench(n int) string {
	if n >= -1 && n <= 1 {
		return "one"
	}
	return "other"
}

func pluralArabic(n int) string {
	if n < 0 {
		n = -n
	}
	switch hundreds := n % 100; {
	case n == 0:
		return "zero"
	case n == 1:
		return "one"
	case n == 2:
		return "two"
	case hundreds >= 3 && hundreds <= 10:
		return "few"
	case hundreds >= 11 && hundreds <= 99:
		return "many"
	}
	return "other"
}

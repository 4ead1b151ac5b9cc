//go:build race

package app_test

// underRace: the race detector makes what is measured here many times slower.
const underRace = true

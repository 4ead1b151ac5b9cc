// Package start is the first thing a person sees: making a profile, and
// unlocking it later.
package start

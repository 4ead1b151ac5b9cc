// Package device finds the microphone and the loudspeaker of the computer, through
// miniaudio: PulseAudio or ALSA on Linux, found at run time, and what Windows and macOS
// have.
//
// Nothing is open but between Record or Play and the end of what they return.
package device

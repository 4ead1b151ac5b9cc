// Package camera finds the cameras of this computer and gives their pictures.
//
// On Linux they are those of Video4Linux; elsewhere there are none. It stands behind
// pairing.Cameras. What is named in v4l2_linux.go talks to the system; frames.go, which
// is all that a camera's bytes reach, is the same everywhere.
package camera

// Package preview decodes the pictures of messages to the size at which they are shown.
//
// What a sender chose is decoded here, so nothing is believed: how large a picture will
// be in memory is worked out from its header before a decoder sees it, one picture is
// decoded at a time, and what is out of sight is given up in the middle.
package preview

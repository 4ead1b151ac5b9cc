// Package blobs keeps the boxes of files in one container file.
//
// The container is an array of slots of 64 KiB. A slot holds one box, which is sealed
// already, and random bytes behind it; a slot that holds none is random bytes all over. So
// nobody without the keys tells a used slot from a free one. The container is a power of
// two long, at least 4 MiB, and never has a hole.
//
//	slot 0 | slot 1 | ...      box 65500 | random 36
//
// Which slots are whose stands in a ledger that somebody else makes durable, extent by
// extent: a run of slots that holds consecutive boxes of one blob.
//
//	free --Create--> a blob's --Remove--> condemned --Wipe--> free
//	raw ---'   '--- Fill <-- raw
//
// Each arrow is one commit of the ledger, and what it promises is true before: slots are
// there and durable before they are a blob's, and overwritten before they are free.
// A crash between leaves at worst a container that is longer than the ledger says, which
// Open cuts off, and slots that are overwritten twice.
//
// A container that grows by much gets its room from the file system at once and its random
// bytes behind: raw slots are zeros, as are those of a new blob that lay there, until Fill
// was there, or a box. That is a matter of seconds, but for a file that comes in just then.
//
// A blob's boxes need no checksum here: whoever opens one finds that it is not what was sealed.
package blobs

package apptest_test

import (
	"testing"

	"tacit/app"
	"tacit/app/apptest"
)

func TestBlobs(t *testing.T) {
	apptest.BlobSuite(t, func(*testing.T) (app.Blobs, func() app.Blobs) {
		s := apptest.NewStore()
		return s, func() app.Blobs {
			s = s.Reopen()
			return s
		}
	})
}

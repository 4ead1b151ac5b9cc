//go:build !sqlite_fts5 && !fts5

package storage

// go-sqlite3 leaves out the full-text search that the schema needs unless a build tag asks
// for it. Without this, the first profile would fail with "no such module".
func init() {
	panic("this program was built without SQLite's full-text search; build it with `make build`, or with -tags sqlite_fts5")
}

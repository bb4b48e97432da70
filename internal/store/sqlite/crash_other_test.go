//go:build !unix

package sqlite_test

// limitFileSize does nothing: this system has no such limit.
func limitFileSize() error { return nil }

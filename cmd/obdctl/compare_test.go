package main

import (
	"strings"
	"testing"
)

// TestOneScanInAFile takes one document, and nothing behind it but blanks.
func TestOneScanInAFile(t *testing.T) {
	const one = `{"schema":"obdctl.scan/1","id":"01900000-0000-7000-8000-000000000001","started":"2026-03-07T09:15:01Z"}`
	for text, good := range map[string]bool{one: true, one + "\n \n": true, one + one: false, one + "\n{": false, one + "garbage": false} {
		s, err := readScanJSON("x.json", strings.NewReader(text))
		if (err == nil) != good || good && s.Schema != "obdctl.scan/1" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

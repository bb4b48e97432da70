package j1979_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
)

// wire reads bytes as people write them: "43 01 33".
func wire(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatalf("test row %q: %v", s, err)
	}
	return b
}

var engine = obd.CAN11(0x7E8)

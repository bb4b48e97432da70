package decode

import (
	"encoding/hex"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

func isHex(s string) bool {
	for _, c := range []byte(s) {
		if !('0' <= c && c <= '9' || 'A' <= c && c <= 'F' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return s != ""
}

// frameLines puts the replies of one row on lines of their own. They are separated by blanks, and so may
// be their bytes: a new reply begins where a hexadecimal word is longer than a byte, and where words of the
// adapter begin or end. A ">" and the word behind it are the echo of a request.
func frameLines(replies string) string {
	var b strings.Builder
	words := strings.Fields(replies)
	for i := 0; i < len(words); i++ {
		w := words[i]
		if w == ">" {
			i++
			b.WriteByte('\r')
			continue
		}
		switch {
		case i == 0:
		case isHex(w) && len(w) > 2, isHex(w) != isHex(words[i-1]), strings.HasSuffix(w, ":"):
			b.WriteByte('\r')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// command tells a line that was sent, as echoes and logs show it: hexadecimal from a request service on,
// or a command to the adapter itself. A trailing single digit is the ELM327's count of frames.
func command(line string) (catalog.Request, bool) {
	compact := strings.ReplaceAll(strings.ToUpper(line), " ", "")
	if strings.HasPrefix(compact, "AT") || strings.HasPrefix(compact, "ST") && !strings.HasPrefix(compact, "STOPPED") {
		return catalog.Request{}, true
	}
	if !isHex(compact) || len(compact) == 3 {
		return catalog.Request{}, false
	}
	data, err := hex.DecodeString(compact[:len(compact)/2*2])
	if err != nil || len(data) == 0 || len(data) > 8 {
		return catalog.Request{}, false
	}
	switch service := obd.Service(data[0]); {
	case service >= 0x01 && service <= 0x0A, service == 0x21, service == 0x22:
		return catalog.Request{Data: data}, true
	}
	return catalog.Request{}, false
}

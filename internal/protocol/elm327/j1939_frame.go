package elm327

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/can"
)

// printedFrame reads a frame of SAE J1939 as the adapter prints it with headers on: priority, group and source
// ("6 0FECA 00", AT JHF1, the default) or the identifier ("18FECA00", AT JHF0), then the data. Both have eight
// digits: a group has 18 bits, so that its first digit is 3 at most, where the second digit of an identifier
// is above 3 for every priority but 0 and 4; 4 then reads as 1, which nobody asks for.
func printedFrame(line string) (can.Frame, bool) {
	digits := strings.ReplaceAll(line, " ", "")
	if len(digits) < 8 || len(digits) > 8+16 || len(digits)%2 == 1 {
		return can.Frame{}, false
	}
	head, err := strconv.ParseUint(digits[:8], 16, 32)
	if err != nil {
		return can.Frame{}, false
	}
	data, err := hex.DecodeString(digits[8:])
	if err != nil {
		return can.Frame{}, false
	}
	id := uint32(head)
	if id>>24&15 <= 3 && id>>28 <= 7 {
		id = id>>28<<26 | id&0x3FFFFFF
	}
	if id>>29 != 0 {
		return can.Frame{}, false
	}
	return can.New(can.Extended|can.ID(id), data...), true
}

package framelog

import (
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/can"
)

// vector reads Vector's ASCII log: lines of time, channel, identifier (x behind it for 29 bits), direction,
// d or r, length, data; CAN FD lines have CANFD in place of the channel.
type vector struct {
	base     int
	relative bool // times count from the line before
	last     time.Duration
}

func (v *vector) parse(text string) (Entry, kind) {
	words := strings.Fields(text)
	lower := strings.ToLower(text)
	if strings.HasPrefix(lower, "base ") {
		if len(words) > 1 && strings.EqualFold(words[1], "dec") {
			v.base = 10
		}
		v.relative = strings.Contains(lower, "timestamps relative")
		return Entry{}, isComment
	}
	if strings.HasPrefix(lower, "//") || len(words) < 3 || words[0][0] < '0' || words[0][0] > '9' {
		return Entry{}, isComment // date, Begin Triggerblock, internal events
	}
	at, ok := seconds(words[0], 1)
	if !ok {
		return Entry{}, isUnknown
	}
	if v.relative {
		at += v.last
		v.last = at
	}
	e := Entry{At: at}
	if strings.EqualFold(words[1], "CANFD") {
		return v.flexible(e, words[2:])
	}
	e.Interface = words[1]
	return v.classic(e, words[2:])
}

// id reads an identifier.
func (v *vector) id(f *can.Frame, s string) bool {
	plain := strings.TrimRight(s, "xX")
	id, ok := number(plain, v.base)
	switch {
	case !ok || id > 0x1FFFFFFF:
		return false
	case plain != s:
		f.ID = can.ID(id) | can.Extended
	case id > 0x7FF:
		return false
	default:
		f.ID = can.ID(id)
	}
	return true
}

func (v *vector) classic(e Entry, words []string) (Entry, kind) {
	if strings.EqualFold(words[0], "ErrorFrame") {
		return e, isError
	}
	if len(words) < 3 || !v.id(&e.Frame, words[0]) {
		return e, isComment // statistics and other events
	}
	e.Sent = strings.EqualFold(words[1], "Tx")
	kindOf := strings.ToLower(words[2])
	length, err := uint64(0), error(nil)
	if len(words) > 3 {
		length, err = strconv.ParseUint(words[3], v.base, 8)
	}
	if err != nil {
		length = 0
	}
	length = min(length, 8)
	e.Frame.Len = uint8(length)
	switch {
	case kindOf == "r":
		e.Frame.Remote = true
		return e, isFrame
	case kindOf != "d" || len(words) < 4 || err != nil || !fill(&e.Frame, words[4:], v.base):
		return e, isUnknown
	}
	return e, isFrame
}

// flexible reads channel, direction, identifier, perhaps the message's name, BRS, ESI, length code, length, data.
func (v *vector) flexible(e Entry, words []string) (Entry, kind) {
	if len(words) < 7 {
		return e, isUnknown
	}
	e.Interface = words[0]
	e.Sent = strings.EqualFold(words[1], "Tx")
	if strings.EqualFold(words[2], "ErrorFrame") {
		return e, isError
	}
	if !v.id(&e.Frame, words[2]) {
		return e, isUnknown
	}
	words = words[3:]
	if words[0] != "0" && words[0] != "1" { // the message's name
		words = words[1:]
	}
	if len(words) < 4 || words[0] != "0" && words[0] != "1" {
		return e, isUnknown
	}
	length, err := strconv.ParseUint(words[3], 10, 8)
	if err != nil || !validLength(int(length), true) {
		return e, isUnknown
	}
	e.Frame.FD, e.Frame.BRS, e.Frame.Len = true, words[0] == "1", uint8(length)
	if !fill(&e.Frame, words[4:], v.base) {
		return e, isUnknown
	}
	return e, isFrame
}

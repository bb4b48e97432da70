package text

import (
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/iso9141"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
	"github.com/fleetms/obdctl/internal/protocol/j1850"
	"github.com/fleetms/obdctl/internal/protocol/kwp2000"
)

// Guess finds the format of an answer of unknown origin by what its lines fit: identifiers and control
// bytes of ISO 15765-2, checksums of the older lines, numbered lines. CAN speeds cannot be seen and are
// given as 500 kbit/s, 5-baud KWP as fast KWP. When only data is left to see, Headers is off and the
// protocol is unknown, or ISO 9141-2 where the shape is that of an older line.
func Guess(a Answer) Format {
	var g guess
	for _, l := range a.Lines {
		g.line(l.Text)
	}
	return g.best()
}

// The formats that are told apart, in the order of preference.
const (
	as11 = iota
	as29
	as11DLC
	as29DLC
	asKWP
	asISO
	asPWM
	asVPW
	asNumbered
	asOlder
	asCount
)

var guesses = [asCount]Format{
	as11:       {Protocol: obd.CAN11x500, Headers: true},
	as29:       {Protocol: obd.CAN29x500, Headers: true},
	as11DLC:    {Protocol: obd.CAN11x500, Headers: true, DLC: true},
	as29DLC:    {Protocol: obd.CAN29x500, Headers: true, DLC: true},
	asKWP:      {Protocol: obd.KWPFast, Headers: true},
	asISO:      {Protocol: obd.ISO9141, Headers: true},
	asPWM:      {Protocol: obd.J1850PWM, Headers: true},
	asVPW:      {Protocol: obd.J1850VPW, Headers: true},
	asNumbered: {Protocol: obd.CAN11x500},
	asOlder:    {Protocol: obd.ISO9141},
}

// guess counts the evidence of each format.
type guess struct {
	score [asCount]int
}

func (g *guess) best() Format {
	found, score := -1, 0
	for i, s := range g.score {
		if s > score {
			found, score = i, s
		}
	}
	if found < 0 {
		return Format{}
	}
	return guesses[found]
}

// The weights of evidence.
const (
	weak   = 1 // the shape fits
	fair   = 3 // the shape and the content fit
	strong = 4 // a checksum fits, or the shape occurs nowhere else
)

func (g *guess) line(s string) {
	if strings.Contains(s, ":") && isPlainHex(s) {
		g.score[asNumbered] += strong
		return
	}
	digits, ok := appendDigits(make([]byte, 0, 64), s)
	if !ok || len(digits) < 2 {
		return
	}
	if len(digits) == 3 {
		g.score[asNumbered] += weak
		return
	}
	word := firstWord(s)
	for _, kind := range [...]int{as11, as29, as11DLC, as29DLC} {
		g.score[kind] += scoreCAN(digits, word, guesses[kind])
	}
	if len(digits)%2 == 0 && word != 3 {
		g.older(appendPacked(make([]byte, 0, len(digits)/2), digits))
	}
}

// scoreCAN weighs a line as a CAN frame of the format.
func scoreCAN(digits []byte, word int, f Format) int {
	width, ok := idWidth(digits, word, f)
	if !ok || (width == 8) != f.Protocol.Is29Bit() {
		return 0
	}
	if f.DLC && (len(digits) <= width || int(digits[width])*2 != len(digits)-width-1) {
		return 0
	}
	frame, rest, ok := splitFrame(digits, word, f)
	if !ok || len(rest) > 0 || len(frame.data) > 8 {
		return 0
	}
	parsed, err := isotp.Parse(frame.data, isotp.Normal)
	if err != nil {
		return 0
	}
	if parsed.Kind <= isotp.First && parsed.Data[0] >= 0x40 {
		return fair
	}
	if f.DLC && parsed.Kind > isotp.First && word == 0 && digits[0] == 4 {
		return 0 // 41422EDC: a positive response without blanks, not the middle of a transfer from 414
	}
	return weak
}

// older weighs a line as a message of K-line or J1850.
func (g *guess) older(line []byte) {
	if m, err := kwp2000.Parse(line); err == nil && m.Mode >= kwp2000.Physical && m.Data[0] >= 0x40 {
		switch m.Sum {
		case kwp2000.Right:
			g.score[asKWP] += strong
		case kwp2000.Wrong:
			g.score[asKWP] += weak
		}
	}
	if len(line) >= 2 && line[1] == iso9141.ReplyTarget {
		g.fixedHeader(line)
	}
	if looksOlder(line) {
		g.score[asOlder] += weak
	}
}

// fixedHeader weighs a line with the header of OBD replies, which ISO 9141-2 and VPW share: the
// checksum decides.
func (g *guess) fixedHeader(line []byte) {
	const pwmReply = 0x41
	crc, crcErr := j1850.Parse(line)
	sum, sumErr := iso9141.Parse(line)
	vpw := asVPW
	if line[0] == pwmReply {
		vpw = asPWM
	}
	switch {
	case sumErr == nil && sum.Right:
		g.score[asISO] += strong
	case crcErr == nil && crc.Right:
		g.score[vpw] += strong
	case crcErr == nil && line[0] == pwmReply:
		g.score[asPWM] += weak
	case sumErr == nil && line[0] == iso9141.ReplyType:
		g.score[asISO] += weak
	}
}

// looksOlder tells data lines that only the older lines send: three codes without a count, or an
// InfoType in pieces with an order byte.
func looksOlder(line []byte) bool {
	const full = 7
	return len(line) == full && (isCodes(line[0]) || isOrdered(line) && line[2] >= 1 && line[2] <= 9)
}

package elm327

import (
	"context"
	"maps"
	"strings"
)

// Kinds of adapter, as [obd.Adapter] names them.
const (
	kindELM     = "elm327"
	kindSTN     = "stn"
	kindVLinker = "vlinker"
	kindClone   = "clone"
)

// Capabilities is what was probed of one adapter. It can be kept as JSON and handed back by
// [Options.Known].
type Capabilities struct {
	Claimed  string `json:"claimed"`            // ATI, such as "ELM327 v1.5"
	Device   string `json:"device,omitempty"`   // AT@1
	Firmware string `json:"firmware,omitempty"` // STI, such as "STN2120 v5.6.5"
	Kind     string `json:"kind"`               // elm327, stn, vlinker or clone
	// Commands tells of each command that was tried whether the adapter took it; "ATH1" is true only
	// when headers were seen.
	Commands map[string]bool `json:"commands"`
	// CountDigit tells that a digit behind a request ends the wait after so many lines, and is not
	// sent as data.
	CountDigit bool `json:"count_digit"`
	// DigitProbed tells that CountDigit was found out.
	DigitProbed bool `json:"digit_probed"`
	// LongestRequest and LongestReply are the longest messages in bytes that were seen to pass.
	LongestRequest int `json:"longest_request,omitempty"`
	LongestReply   int `json:"longest_reply,omitempty"`
}

func (c Capabilities) clone() Capabilities {
	c.Commands = maps.Clone(c.Commands)
	return c
}

// honours tells whether a command was tried and taken.
func (c Capabilities) honours(family string) bool { return c.Commands[family] }

// refuses tells whether a command was tried and not taken.
func (c Capabilities) refuses(family string) bool {
	honoured, known := c.Commands[family]
	return known && !honoured
}

// identify asks the adapter who it is. What was known of it before counts while it claims the same.
func (l *Link) identify(ctx context.Context) error {
	if l.caps.Claimed == "" {
		a, err := l.ask(ctx, "ATI", "ATI")
		if err != nil {
			return err
		}
		l.caps.Claimed = a.Text()
	}
	if known := l.o.Known; known != nil && known.Claimed == l.caps.Claimed && known.Kind != "" {
		l.caps = known.clone()
		if l.caps.Commands == nil {
			l.caps.Commands = map[string]bool{}
		}
		return nil
	}
	device, err := l.ask(ctx, "AT@1", "AT@1")
	if err != nil {
		return err
	}
	firmware, err := l.ask(ctx, "STI", "STI")
	if err != nil {
		return err
	}
	l.caps.Device, l.caps.Firmware = device.Text(), firmware.Text()
	if !strings.Contains(strings.ToUpper(l.caps.Firmware), "STN") && !isVLinker(l.caps) {
		l.caps.Firmware = ""
		l.caps.Commands["STI"] = false
	}
	if l.caps.Firmware != "" && !isVLinker(l.caps) {
		own, err := l.ask(ctx, "VTI", "VTI")
		if err != nil {
			return err
		}
		if maker := (Capabilities{Device: own.Text()}); isVLinker(maker) {
			l.caps.Device = maker.Device
		}
	}
	l.caps.Kind = kindOf(l.caps)
	return nil
}

// kindOf tells the family. No ELM327 v1.5 was ever made, and v2.1 is what copies of a stolen v1.0 claim.
func kindOf(c Capabilities) string {
	claimed := strings.ToLower(c.Claimed)
	switch {
	case isVLinker(c):
		return kindVLinker
	case c.Firmware != "":
		return kindSTN
	case strings.Contains(claimed, "v1.5"), strings.Contains(claimed, "v2.1"), !strings.Contains(claimed, "elm327"):
		return kindClone
	}
	return kindELM
}

func isVLinker(c Capabilities) bool {
	all := strings.ToUpper(c.Claimed + c.Device + c.Firmware)
	return strings.Contains(all, "VLINK") || strings.Contains(all, "VGATE")
}

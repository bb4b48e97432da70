package simulator

import (
	"strconv"
	"strings"
	"time"
)

// runST acts on a command of the STN family, as far as diagnosis needs them.
func (a *adapter) runST(text string) error {
	switch {
	case text == "I":
		a.line(a.prof.stn)
	case text == "DI":
		a.line("OBDLink MX+ r3.1")
	case text == "MFR":
		a.line("OBD Solutions LLC")
	case text == "SN":
		a.line("000000000001")
	case text == "PR":
		a.line(strconv.Itoa(stnNumber(a)))
	case strings.HasPrefix(text, "PX"):
		return a.runSTPX(text[2:])
	case strings.HasPrefix(text, "PTO"):
		n, err := strconv.Atoi(text[3:])
		if err != nil || n < 0 || n > 65535 {
			a.line("?")
			return nil
		}
		a.set.wait = max(time.Millisecond, time.Duration(n)*time.Millisecond)
		a.set.adaptive = 0
		a.line("OK")
	case strings.HasPrefix(text, "SBR"):
		return a.stnSpeed(text[len("SBR"):], false)
	case strings.HasPrefix(text, "BRT"): // how long STBR waits for the client
		a.line("OK")
		return nil
	case strings.HasPrefix(text, "BR"):
		return a.stnSpeed(text[len("BR"):], true)
	case text == "MA", text == "M":
		return monitorAll(a, "")
	case strings.HasPrefix(text, "P"):
		return a.chooseSTN(text[1:])
	case text == "CSEGR0", text == "CSEGR1", text == "CSEGT0", text == "CSEGT1", text == "FA", text == "CAF0", text == "CAF1",
		strings.HasPrefix(text, "FAP"), strings.HasPrefix(text, "FPA"), strings.HasPrefix(text, "FBA"),
		strings.HasPrefix(text, "FPC"), strings.HasPrefix(text, "FCP"), strings.HasPrefix(text, "CMM"):
		a.line("OK")
	default:
		a.line("?")
	}
	return nil
}

// runVT acts on a command of the vLinker family.
func (a *adapter) runVT(text string) error {
	switch text {
	case "I", "VER":
		a.line("vLinker MC v2.2.75")
	default:
		a.line("OK")
	}
	return nil
}

// stnProtocols are the STN numbers of the lines that an ELM327 knows.
var stnProtocols = map[string]string{"11": "1", "12": "2", "21": "3", "22": "3", "23": "4", "24": "5", "33": "6", "34": "7", "31": "6", "32": "7",
	"35": "8", "36": "9", "41": "A", "42": "A"}

func (a *adapter) chooseSTN(number string) error {
	digit, ok := stnProtocols[number]
	if !ok {
		a.line("?")
		return nil
	}
	return a.choose(digit, false)
}

func stnNumber(a *adapter) int {
	for stn, elm := range map[string]string{"11": "1", "12": "2", "21": "3", "23": "4", "24": "5", "33": "6", "34": "7"} {
		if n, _ := strconv.Atoi(elm); n == int(a.proto.active) {
			n, _ := strconv.Atoi(stn)
			return n
		}
	}
	return 0
}

// runSTPX sends one request with everything given in one line: H: header, D: data, R: number of
// responses, T: time in ms.
func (a *adapter) runSTPX(args string) error {
	var digits string
	count := 0
	header, wait, adaptive := a.set.header, a.set.wait, a.set.adaptive
	defer func() { a.set.header, a.set.wait, a.set.adaptive = header, wait, adaptive }()
	for arg := range strings.SplitSeq(strings.TrimPrefix(args, ","), ",") {
		key, value, _ := strings.Cut(arg, ":")
		n, err := strconv.Atoi(value)
		switch {
		case key == "H" && isHex(value) && (len(value) == 3 || len(value) == 6 || len(value) == 8):
			a.set.header, _ = hexBytes(strings.Repeat("0", len(value)%2) + value)
		case key == "D" && isHex(value) && len(value)%2 == 0:
			digits = value
		case key == "R" && err == nil && n > 0:
			count = n
		case key == "T" && err == nil && n > 0 && n <= 65535:
			a.set.wait, a.set.adaptive = time.Duration(n)*time.Millisecond, 0
		default:
			a.line("?")
			return nil
		}
	}
	data, err := hexBytes(digits)
	if err != nil || len(data) == 0 || !a.fits(len(data)) {
		a.line("?")
		return nil
	}
	if lost, err := a.strike(); lost || err != nil {
		return err
	}
	ready, err := a.connect()
	if err != nil || !ready {
		return err
	}
	return a.exchange(data, count)
}

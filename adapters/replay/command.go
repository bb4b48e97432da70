package replay

import "strings"

// command is what was sent, as an adapter reads it: capitals, no blanks, nothing unprintable.
type command string

func readCommand(sent []byte) command {
	var b strings.Builder
	for _, c := range sent {
		switch {
		case c >= 'a' && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
		case c > ' ' && c <= '~':
			b.WriteByte(c)
		}
	}
	return command(b.String())
}

// isRequest tells a message to the vehicle: hexadecimal digits only.
func (c command) isRequest() bool {
	return c != "" && strings.Trim(string(c), "0123456789ABCDEF") == ""
}

// isSetting tells a command to the adapter itself.
func (c command) isSetting() bool {
	return strings.HasPrefix(string(c), "AT") || strings.HasPrefix(string(c), "ST") || strings.HasPrefix(string(c), "VT")
}

// base drops the count digit of a request: bytes come in pairs of digits, so an odd one is the count.
func (c command) base() command {
	if c.isRequest() && len(c) > 2 && len(c)%2 == 1 {
		return c[:len(c)-1]
	}
	return c
}

// scope is whom requests go to: the header that AT SH set, "" for all ECUs.
type scope string

// after returns the scope that holds once c was sent.
func (s scope) after(c command) scope {
	switch {
	case c == "ATZ", c == "ATWS", c == "ATD", strings.HasPrefix(string(c), "ATSP"), strings.HasPrefix(string(c), "ATTP"):
		return ""
	case strings.HasPrefix(string(c), "ATSH"):
		header := string(c[len("ATSH"):])
		if len(header) == 8 { // four bytes: the priority is set along with it
			header = header[2:]
		}
		if isFunctional(header) {
			return ""
		}
		return scope(header)
	}
	return s
}

// isFunctional tells the headers that address every ECU: ISO 15765-4, ISO 14230-4, ISO 9141-2 and SAE
// J1850 (6A is the functional target of legislated diagnostics).
func isFunctional(header string) bool {
	switch header {
	case "7DF", "DB33F1", "C033F1", "C133F1", "C233F1", "C333F1", "686AF1", "616AF1":
		return true
	}
	return false
}

// markScopes notes for every exchange whom it went to.
func markScopes(exchanges []exchange) {
	var s scope
	for i := range exchanges {
		s = s.after(readCommand(exchanges[i].sent))
		exchanges[i].scope = s
	}
}

// owns tells whether a reply line with headers comes from the ECU that the scope addresses.
func (s scope) owns(line string) bool {
	line = string(readCommand([]byte(line)))
	header := string(s)
	switch {
	case len(header) == 3: // 11 bit: the reply comes 8 above
		want := []byte(header)
		n := strings.IndexByte("0123456789ABCDEF", want[2])
		if n < 0 || n > 7 {
			return false
		}
		want[2] = "0123456789ABCDEF"[n+8]
		return strings.HasPrefix(line, string(want))
	case len(header) == 6 && header[:2] == "DA": // 29 bit: target and source change places
		return strings.HasPrefix(line, "18DA"+header[4:]+header[2:4])
	case len(header) == 6: // older lines: the third byte is the source
		return len(line) > 6 && line[4:6] == header[2:4]
	}
	return false
}

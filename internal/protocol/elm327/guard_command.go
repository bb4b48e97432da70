package elm327

import (
	"encoding/hex"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// argument says what may follow a command's name.
type argument uint8

const (
	nothing argument = iota
	digits           // hexadecimal digits, also none
	words            // letters, digits, commas, colons
)

// talkative lists the commands that only talk to the adapter (ELM327 data sheet, OBDLink reference
// manual). What is not here is refused: AT PP, SD, CV, @3, ST S..., GP, BT change the adapter for good;
// AT RTR and ST PPM... send messages.
var talkative = map[string]argument{
	"AT@1": nothing, "AT@2": nothing, "ATAL": nothing, "ATAMC": nothing, "ATAMT": digits, "ATAR": nothing,
	"ATAT0": nothing, "ATAT1": nothing, "ATAT2": nothing, "ATBD": nothing, "ATBI": nothing,
	"ATBRD": digits, "ATBRT": digits, "ATCAF0": nothing, "ATCAF1": nothing, "ATCEA": digits, "ATCER": digits,
	"ATCF": digits, "ATCFC0": nothing, "ATCFC1": nothing, "ATCM": digits, "ATCP": digits, "ATCRA": words,
	"ATCS": nothing, "ATCSM0": nothing, "ATCSM1": nothing, "ATCTM1": nothing, "ATCTM5": nothing,
	"ATD": nothing, "ATD0": nothing, "ATD1": nothing, "ATDM1": nothing, "ATDP": nothing, "ATDPN": nothing,
	"ATE0": nothing, "ATE1": nothing, "ATFCSD": digits, "ATFCSH": digits, "ATFCSM": digits,
	"ATFE": nothing, "ATFI": nothing, "ATFT": digits, "ATH0": nothing, "ATH1": nothing, "ATI": nothing,
	"ATIA": nothing, "ATIB10": nothing, "ATIB12": nothing, "ATIB15": nothing, "ATIB48": nothing, "ATIB96": nothing,
	"ATIFR0": nothing, "ATIFR1": nothing, "ATIFR2": nothing, "ATIFR4": nothing, "ATIFR5": nothing, "ATIFR6": nothing,
	"ATIFRH": nothing, "ATIFRS": nothing, "ATIGN": nothing, "ATIIA": digits,
	"ATJE": nothing, "ATJS": nothing, "ATJHF0": nothing, "ATJHF1": nothing, "ATJTM1": nothing, "ATJTM5": nothing,
	"ATKW": nothing, "ATKW0": nothing, "ATKW1": nothing, "ATL0": nothing, "ATL1": nothing, "ATLP": nothing,
	"ATM0": nothing, "ATM1": nothing, "ATMA": nothing, "ATMP": digits, "ATMR": digits, "ATMT": digits, "ATNL": nothing,
	"ATPB": digits, "ATPC": nothing, "ATPPS": nothing, "ATR0": nothing, "ATR1": nothing, "ATRA": digits,
	"ATRD": nothing, "ATRV": nothing, "ATS0": nothing, "ATS1": nothing, "ATSH": digits, "ATSI": nothing,
	"ATSP": digits, "ATSPA": digits, "ATSR": digits, "ATSS": nothing, "ATST": digits, "ATSW": digits,
	"ATTA": digits, "ATTP": digits, "ATTPA": digits, "ATV0": nothing, "ATV1": nothing, "ATWM": digits,
	"ATWS": nothing, "ATZ": nothing,

	"STI": nothing, "STIX": nothing, "STDI": nothing, "STDIX": nothing, "STMFR": nothing, "STSN": nothing,
	"STBR": digits, "STBRT": digits, "STSBR": digits, "STVR": nothing, "STVRX": nothing, "STM": nothing, "STMA": nothing,
	"STP": digits, "STPO": nothing, "STPC": nothing, "STPR": nothing, "STPRS": nothing, "STPBR": digits, "STPBRR": nothing,
	"STPTO": digits, "STPTOT": digits, "STPTRQ": digits, "STPCB": digits, "STSLCS": nothing, "STSLEEP": digits,
	"STCSEGR": digits, "STCSEGT": digits, "STCAFCP": words, "STCCFCP": nothing, "STCFCPA": words, "STCFCPC": nothing,
	"STCMM": digits, "STCSWM": digits, "STCTOR": digits, "STCTR": digits, "STCWFT": digits,
	"STFA": nothing, "STFAC": nothing, "STFPA": words, "STFPC": nothing, "STFBA": words, "STFBC": nothing,
	"STFAP": words, "STFAB": words, "STFAFC": words, "STFCP": nothing, "STFCB": nothing, "STFCFC": nothing,
	"STFFCA": words, "STFFCC": nothing, "STFPGA": words, "STFPGC": nothing, "STIP1X": digits, "STIP4": digits,
	"STIAT": digits, "STIBR": digits, "STRESET": nothing,

	"VTI": nothing, "VTDI": nothing, "VTVERS": nothing,
}

// checkCommand judges a command to the adapter.
func (j *judgeLine) checkCommand(s string) error {
	name, rest, ok := splitCommand(s)
	if !ok {
		return errs.New(errs.Denied, "command %q is not known to be harmless", clip(s)).
			WithHint("what sends messages by itself or changes the adapter for good is refused in read-only mode")
	}
	switch name {
	case "ATWM":
		return j.checkWakeUp(rest)
	case "ATFCSD":
		return j.checkFlow(rest)
	case "ATFCSH":
		if id := j.id.withHeader(rest); id.isGroup() {
			return errs.New(errs.Denied, "flow control with header %s could be read as a command of J1939", rest)
		}
	case "ATSH":
		if err := checkHeader(rest); err != nil {
			return err
		}
	}
	j.follow(name, rest)
	j.followGroup(name, rest)
	return nil
}

// splitCommand finds the longest known name that s begins with and whose argument fits.
func splitCommand(s string) (name, rest string, ok bool) {
	for n := len(s); n >= 3; n-- {
		want, known := talkative[s[:n]]
		if known && fits(want, s[n:]) {
			return s[:n], s[n:], true
		}
	}
	return "", "", false
}

func fits(want argument, rest string) bool {
	switch want {
	case nothing:
		return rest == ""
	case digits:
		return strings.Trim(rest, "0123456789ABCDEF") == ""
	}
	return strings.Trim(rest, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ,:") == ""
}

// follow takes note of the settings that change what digits mean.
func (j *judgeLine) follow(name, rest string) {
	switch name {
	case "ATCAF0":
		j.formatted = formatOff
	case "ATCAF1":
		j.formatted = formatOn
	case "ATZ", "ATD", "ATWS":
		if j.formatted == formatOff { // some clones refuse a reset
			j.formatted = formatUnknown
		} else {
			j.formatted = formatOn
		}
		j.extended, j.regular, j.foreign, j.line = false, true, false, lineUnknown
	case "STRESET": // back to formatting, on an adapter that knows the command
		j.formatted, j.regular, j.line = formatUnknown, false, lineUnknown
	case "ATSH":
		j.regular, j.foreign = isOBDHeader(rest), isForeignHeader(rest)
	case "ATCP":
		j.regular = j.regular && rest == "18"
	case "ATPB":
		j.formatted = formatUnknown
	case "STP":
		j.formatted, j.line = formatUnknown, lineUnknown
		if strings.HasPrefix(rest, "4") {
			j.line = lineJ1939
		}
	case "ATSP", "ATTP", "ATSPA", "ATTPA":
		j.line = chosenLine(name + rest)
		if strings.HasSuffix(rest, "B") || strings.HasSuffix(rest, "C") { // user CAN, perhaps without formatting
			j.formatted = formatUnknown
		}
	case "ATCEA":
		b, err := hex.DecodeString(rest)
		j.extended = err == nil && len(b) == 1
		if j.extended {
			j.extension = b[0]
		}
	}
}

// chosenLine tells what an AT SP or AT TP chooses; with an A before the number the adapter may choose another.
func chosenLine(command string) lineKind {
	switch command[len("ATSP"):] {
	case "6", "7", "8", "9", "B", "C":
		return lineCAN
	case "A", "AA", "0A":
		return lineJ1939
	case "1", "2", "3", "4", "5":
		return lineOlder
	}
	return lineUnknown
}

// isOBDHeader tells the request addresses of ISO 15765-4.
func isOBDHeader(h string) bool {
	h = strings.TrimPrefix(h, "18")
	switch len(h) {
	case 3:
		return h == "7DF" || h >= "7E0" && h <= "7E7"
	case 6:
		return h == "DB33F1" || strings.HasPrefix(h, "DA") && strings.HasSuffix(h, "F1")
	}
	return false
}

// isForeignHeader tells an identifier of 11 bits that is none of ISO 15765-4.
func isForeignHeader(h string) bool { return len(h) == 3 && !isOBDHeader(h) }

// checkWakeUp judges the message that the adapter sends by itself on an idle K-line (AT WM): a header of
// one byte (ISO 14230-2 without addresses), three, or four with a length byte, then the service.
func (j *judgeLine) checkWakeUp(rest string) error {
	b, err := hex.DecodeString(rest)
	if err != nil || len(b) == 0 {
		return errs.New(errs.Denied, "wake-up message %q is not whole bytes", clip(rest))
	}
	header := 3
	switch {
	case b[0] < 0x40 && b[0] != 0:
		header = 1
	case b[0] == 0:
		header = 2
	case b[0] == 0x80:
		header = 4
	}
	return j.allow.Check(b[min(header, len(b)):])
}

// checkFlow judges the flow control that we direct (AT FC SD): it must be one with or without an address
// extension, and however an ECU reads it never the beginning of a message that is not permitted.
func (j *judgeLine) checkFlow(rest string) error {
	b, err := hex.DecodeString(rest)
	isFlow := func(c byte) bool { return c >= 0x30 && c <= 0x32 }
	switch {
	case err == nil && len(b) > 2 && isFlow(b[0]) && b[1] > 0 && b[1] <= 7 && !j.allow.Permits(b[2:]):
		// The block size is the control byte to an ECU whose address extension is 30 to 32.
	case err == nil && len(b) > 0 && isFlow(b[0]):
		return nil
	case err == nil && len(b) > 1 && b[0] > 7 && b[0]>>4 != 1 && isFlow(b[1]): // 1x would be a first frame
		return nil
	}
	return errs.New(errs.Denied, "flow control data %q is no flow control of ISO 15765-2", clip(rest))
}

// checkHeader refuses a header that a K-line ECU would read as a whole message: a format byte without
// addresses (ISO 14230-2) followed by a service. On 29-bit CAN the same bytes are the commands to the
// engine, the gearbox and the brakes of SAE J1939-71, which also begin like a request.
func checkHeader(rest string) error {
	b, err := hex.DecodeString(rest)
	switch {
	case err == nil && len(b) == 3 && b[0] < 0x40 && b[0] != 0x17 && b[0] != 0x18:
		return errs.New(errs.Denied, "header %s could be read as a message on a K-line or a command of J1939", rest).
			WithHint("an 11-bit header has three digits")
	case err == nil && len(b) == 4 && b[0]&3 == 0 && b[1] < 0x40:
		return errs.New(errs.Denied, "header %s could be read as a command of J1939", rest)
	}
	return nil
}

// checkSTPX judges the STN command that takes header, data and count at once: STPX H:hhh, D:dd.., T:ms,
// R:n. Data behind the line (L:) cannot be judged in time and is refused.
func (j *judgeLine) checkSTPX(s string) error {
	if j.line == lineJ1939 {
		return errs.New(errs.Denied, "STPX does not turn the bytes of a group around: on J1939 only plain requests pass")
	}
	defer func(lasting bool, id identifier) { j.foreign, j.id = lasting, id }(j.foreign, j.id)
	var data string
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.TrimPrefix(s, "STPX"), ",") {
		key, value, ok := strings.Cut(part, ":")
		if !ok || seen[key] || !strings.Contains("HDTR", key) || len(key) != 1 || !fits(digits, value) {
			return errs.New(errs.Denied, "command %q is not understood", clip(s))
		}
		seen[key] = true
		switch key {
		case "D":
			data = value
		case "H":
			if err := checkHeader(value); err != nil {
				return err
			}
			if j.formatted != formatOn && !isOBDHeader(value) {
				return errs.New(errs.Denied, "raw frames pass only to the addresses of OBD")
			}
			j.foreign, j.id = isForeignHeader(value), j.id.withHeader(value)
		}
	}
	b, err := hex.DecodeString(data)
	if err != nil {
		return errs.New(errs.Denied, "data of %q is not whole bytes", clip(s))
	}
	return j.checkData(b)
}

package catalog

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// Request is what a reply answers: where it was sent, who is to answer, and its bytes.
type Request struct {
	Header obd.Address // zero: every ECU
	Reply  obd.Address // zero: whoever answers
	Data   []byte      // service and id, such as 22 F1 90
	Years  Years       // the model years that the request is for, where it says so
}

// ParseRequest reads a request as people and signal sets write it: "010C", "22 F1 90", "7E0.22F190",
// "6B4.694.22D410", "DB33.0104", "18DA10F1.22F190", "DA1D.1D.222221|fc=1,f=-2011". Of the options behind
// the bar e (address extension), ta (tester), c (priority) and f (model years) count, the others do not
// change what a reply means.
func ParseRequest(s string) (Request, error) {
	var r Request
	text, options, _ := strings.Cut(strings.TrimSpace(s), "|")
	parts := strings.Split(strings.Join(strings.Fields(text), ""), ".")
	if len(parts) > 3 {
		return r, fmt.Errorf("request %q: want header.reply.bytes", s)
	}
	var err error
	if r.Data, err = hex.DecodeString(parts[len(parts)-1]); err != nil || len(r.Data) == 0 || len(r.Data) > maxBytes {
		return r, fmt.Errorf("request %q: %q is not pairs of hexadecimal digits", s, parts[len(parts)-1])
	}
	o, err := parseOptions(options)
	if err != nil {
		return r, fmt.Errorf("request %q: %w", s, err)
	}
	r.Years = o.years
	if len(parts) == 1 {
		return r, nil
	}
	if r.Header, err = requestAddress(parts[0], o.priority, o.tester); err != nil {
		return r, fmt.Errorf("request %q: %w", s, err)
	}
	if len(parts) == 3 {
		if r.Reply, err = replyAddress(parts[1], len(parts[0]), o.priority, o.tester); err != nil {
			return r, fmt.Errorf("request %q: %w", s, err)
		}
	}
	if o.extended && r.Header != obd.Functional {
		r.Header = r.Header.WithExtension(o.extension)
	}
	if broadcast(r.Header) {
		r.Header = obd.Functional
	}
	return r, nil
}

// Service returns the request's service.
func (r Request) Service() obd.Service {
	if len(r.Data) == 0 {
		return 0
	}
	return obd.Service(r.Data[0])
}

// ID returns the id behind the service and how many bytes it has: one for the services of SAE J1979 and
// for 21, two for 22, none where the service alone is the request.
func (r Request) ID() (id uint16, length int) {
	switch {
	case len(r.Data) < 2:
		return 0, 0
	case r.Service() == obd.ServiceReadByID && len(r.Data) >= 3:
		return uint16(r.Data[1])<<8 | uint16(r.Data[2]), 2
	}
	return uint16(r.Data[1]), 1
}

// options are what stands behind the bar of a request.
type options struct {
	extended         bool
	extension        byte
	tester, priority uint64
	years            Years
}

func parseOptions(text string) (options, error) {
	o := options{tester: 0xF1, priority: 0x18}
	for item := range strings.SplitSeq(text, ",") {
		key, value, _ := strings.Cut(item, "=")
		if key == "f" {
			years, err := parseYears(value)
			if err != nil {
				return o, err
			}
			o.years = years
			continue
		}
		if key != "e" && key != "ta" && key != "c" {
			continue
		}
		n, err := strconv.ParseUint(value, 16, 8)
		if err != nil {
			return o, fmt.Errorf("option %q is not one hexadecimal byte", item)
		}
		switch key {
		case "e":
			o.extended, o.extension = true, byte(n)
		case "ta":
			o.tester = n
		case "c":
			o.priority = n
		}
	}
	return o, nil
}

// parseYears reads "2011-", "-2011", "2009-2011" and single years, joined with semicolons.
func parseYears(text string) (Years, error) {
	var y Years
	for item := range strings.SplitSeq(text, ";") {
		from, to, ranged := strings.Cut(item, "-")
		a, errA := year(from)
		b, errB := year(to)
		if errA != nil || errB != nil || item == "" {
			return y, fmt.Errorf("model years %q are not such as 2011-, -2011, 2009-2011 or 2010", text)
		}
		if !ranged {
			y.Also = append(y.Also, a)
			continue
		}
		y.From, y.To = max(y.From, a), max(y.To, b)
	}
	return y, nil
}

func year(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), err
}

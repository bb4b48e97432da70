package adapters

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// Scheme says by which way an adapter is reached.
type Scheme string

// The schemes of an address.
const (
	Serial    Scheme = "serial"
	TCP       Scheme = "tcp"
	Simulator Scheme = "sim"
	Replay    Scheme = "replay"
	Auto      Scheme = "auto"
	CAN       Scheme = "can"    // a CAN interface of the system
	SLCAN     Scheme = "slcan"  // a CAN adapter that speaks text over a serial line
	DoIP      Scheme = "doip"   // diagnostics over IP
	BLE       Scheme = "ble"    // Bluetooth Low Energy
	RFCOMM    Scheme = "rfcomm" // classic Bluetooth without a serial port
	J2534     Scheme = "j2534"  // a pass-thru device
)

// Address is a parsed adapter address.
type Address struct {
	Scheme Scheme
	Target string     // device, host:port, scenario or file; "" for auto
	Query  url.Values // what stands behind the question mark
	text   string
}

// String returns the address in its full form.
func (a Address) String() string { return a.text }

// defaultTCPPort is the port that most Wi-Fi adapters listen on.
const defaultTCPPort = "35000"

const formsHint = "the forms are serial:///dev/ttyUSB0?baud=38400, serial://COM3, tcp://192.168.0.10:35000, can://can0, " +
	"slcan:///dev/ttyACM0, doip://HOST, ble://NAME, rfcomm://AA:BB:CC:DD:EE:FF, j2534://auto, sim:NAME, replay:FILE and auto"

var (
	comPort  = regexp.MustCompile(`(?i)^(\\\\\.\\)?COM[0-9]{1,3}$`)
	schemeOf = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):(.*)$`)
)

// Parse reads an address. Device paths and HOST:PORT are understood without a scheme, an empty one is auto.
// Errors are of kind [errs.Usage] and list the forms.
func Parse(s string) (Address, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "" || strings.EqualFold(s, string(Auto)) || strings.EqualFold(s, "auto:"):
		return Address{Scheme: Auto, text: string(Auto)}, nil
	case strings.HasPrefix(s, "/dev/"), isCOM(s):
		return parseSerial(s)
	}
	if m := schemeOf.FindStringSubmatch(s); m != nil {
		scheme := strings.ToLower(m[1])
		switch Scheme(scheme) {
		case Serial:
			return parseSerial(strings.TrimPrefix(m[2], "//"))
		case TCP:
			return parseTCP(strings.TrimPrefix(m[2], "//"))
		case Simulator:
			return parseSimulator(m[2])
		case Replay:
			return parseReplay(m[2])
		}
		if f, ok := formOf(Scheme(scheme)); ok {
			return f.parse(strings.TrimPrefix(m[2], "//"))
		}
	}
	if host, port, err := net.SplitHostPort(s); err == nil && host != "" && isPort(port) {
		return parseTCP(s)
	}
	return Address{}, bad(s, "this is no address of an adapter")
}

func bad(s, reason string) error {
	return errs.New(errs.Usage, "adapter %q: %s", s, reason).WithHint(formsHint)
}

func isCOM(s string) bool {
	device, _, _ := strings.Cut(s, "?")
	return comPort.MatchString(device)
}

// hostName is what DNS and mDNS names consist of.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$`)

func isHost(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil || hostName.MatchString(s)
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

func parseSerial(rest string) (Address, error) {
	device, query, err := cutQuery(rest, "baud")
	if err != nil {
		return Address{}, bad("serial://"+rest, err.Error())
	}
	if isCOM(device) {
		device = strings.ToUpper(strings.TrimPrefix(device, `\\.\`))
	}
	if device == "" || device == "/" {
		return Address{}, bad("serial://"+rest, "no device is given")
	}
	if b := query.Get("baud"); query.Has("baud") {
		if n, err := strconv.Atoi(b); err != nil || n < 300 || n > 10_000_000 {
			return Address{}, bad("serial://"+rest, "baud is a number from 300 to 10000000")
		}
	}
	return Address{Scheme: Serial, Target: device, Query: query, text: withQuery("serial://"+device, query)}, nil
}

func parseTCP(rest string) (Address, error) {
	target, query, err := cutQuery(strings.TrimSuffix(rest, "/"))
	if err != nil {
		return Address{}, bad("tcp://"+rest, err.Error())
	}
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		host, port = strings.Trim(target, "[]"), defaultTCPPort
	}
	if !isHost(host) || !isPort(port) {
		return Address{}, bad("tcp://"+rest, "HOST:PORT is expected, the port from 1 to 65535")
	}
	target = net.JoinHostPort(host, port)
	return Address{Scheme: TCP, Target: target, Query: query, text: withQuery("tcp://"+target, query)}, nil
}

func parseReplay(rest string) (Address, error) {
	file, query, err := cutQuery(rest, "speed", "strict", "line", "dialog")
	if err != nil {
		return Address{}, bad("replay:"+rest, err.Error())
	}
	if file == "" {
		return Address{}, bad("replay:", "no file is given")
	}
	if s := query.Get("speed"); query.Has("speed") {
		if n, err := strconv.ParseFloat(s, 64); err != nil || !(n >= 0 && n <= 1e6) {
			return Address{}, bad("replay:"+rest, "speed is 0 for at once, 1 for as recorded, or another factor")
		}
	}
	for _, key := range []string{"line", "dialog"} {
		if n, err := strconv.Atoi(query.Get(key)); query.Has(key) && (err != nil || n < 1) {
			return Address{}, bad("replay:"+rest, key+" counts from 1")
		}
	}
	return Address{Scheme: Replay, Target: file, Query: query, text: withQuery("replay:"+file, query)}, nil
}

// cutQuery splits the options off and refuses those that are not known. A question mark in a file's name
// is part of the name when no "key=" follows.
func cutQuery(s string, known ...string) (string, url.Values, error) {
	at := strings.LastIndexByte(s, '?')
	if at < 0 || !strings.Contains(s[at:], "=") {
		return s, url.Values{}, nil
	}
	query, err := url.ParseQuery(s[at+1:])
	if err != nil {
		return "", nil, errs.New(errs.Usage, "the options behind ? cannot be read")
	}
	for key := range query {
		found := false
		for _, k := range known {
			found = found || k == key
		}
		if !found {
			return "", nil, errs.New(errs.Usage, "option %q is not known here", key)
		}
	}
	return s[:at], query, nil
}

func withQuery(s string, q url.Values) string {
	if len(q) == 0 {
		return s
	}
	return s + "?" + q.Encode()
}

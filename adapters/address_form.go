package adapters

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// form is how the addresses of one scheme look: SCHEME://TARGET?OPTION=VALUE.
type form struct {
	scheme  Scheme
	target  func(string) (string, bool) // the target in its full form
	wants   string                      // what a target is, for people
	options map[string]option
}

// option is one option of an address.
type option struct {
	valid func(string) bool
	wants string
}

// formOf returns the form of a scheme that has one; socketcan: is can: too.
func formOf(s Scheme) (form, bool) {
	if s == "socketcan" {
		s = CAN
	}
	forms := []form{
		{CAN, word(`[A-Za-z0-9_.-]{1,15}`), "the name of a CAN interface, such as can0", withLine(map[string]option{
			"up":    {isSwitch, "1 to set the interface up"},
			"isotp": {isOneOf("own", "kernel"), "own or kernel"},
		})},
		{SLCAN, device, "a serial port, such as /dev/ttyACM0 or COM5", withLine(map[string]option{
			"baud":   {isNumber(300, 10_000_000), "a number from 300 to 10000000"},
			"listen": {isSwitch, "1 to listen without acknowledging"},
		})},
		{DoIP, hostPort("13400"), "HOST or HOST:PORT, or nothing to look for vehicles", map[string]option{
			"target": {isHex(4), "the logical address of a control unit, four hexadecimal digits"},
			"source": {isHex(4), "our logical address, four hexadecimal digits"},
			"tls":    {isOneOf("0", "1", "insecure"), "0, 1 or insecure"},
			"ca":     {isText, "a file of root certificates in PEM form"},
			"name":   {isText, "the name that the vehicle's certificate holds"},
			"type":   {isHex(2), "a routing activation type, two hexadecimal digits"},
			"group":  {isHex(4), "the logical address of all control units, four hexadecimal digits"},
			"wait":   {isDuration, "a time such as 2s"},
		}},
		{BLE, bluetoothOrName, "the address or the name of a Bluetooth LE adapter, or nothing to look for one", map[string]option{
			"service": {isText, "a UUID"}, "write": {isText, "a UUID"}, "notify": {isText, "a UUID"},
		}},
		{RFCOMM, rfcommTarget, "AA:BB:CC:DD:EE:FF, with /CHANNEL from 1 to 30 behind it if it is not 1", nil},
		{J2534, j2534Target, "the name of an installed pass-thru device, or auto", withLine(map[string]option{
			"dll": {isText, "the path of its library"},
		})},
	}
	i := slices.IndexFunc(forms, func(f form) bool { return f.scheme == s })
	if i < 0 {
		return form{}, false
	}
	return forms[i], true
}

// withLine adds the options that every way to CAN frames has.
func withLine(own map[string]option) map[string]option {
	own["bitrate"] = option{isNumber(10_000, 1_000_000), "a number from 10000 to 1000000"}
	own["fd"] = option{isSwitch, "0 or 1"}
	own["dbitrate"] = option{isNumber(10_000, 8_000_000), "a number from 10000 to 8000000"}
	own["pad"] = option{isPadding, "off, or a byte of two hexadecimal digits"}
	return own
}

func (f form) parse(rest string) (Address, error) {
	whole := string(f.scheme) + "://" + rest
	known := make([]string, 0, len(f.options))
	for name := range f.options {
		known = append(known, name)
	}
	text, query, err := cutQuery(rest, known...)
	if err != nil {
		return Address{}, bad(whole, err.Error())
	}
	target, ok := f.target(text)
	if !ok {
		return Address{}, bad(whole, f.wants+" is expected")
	}
	for name, values := range query {
		for _, v := range values {
			if !f.options[name].valid(v) {
				return Address{}, bad(whole, name+" is "+f.options[name].wants)
			}
		}
	}
	return Address{Scheme: f.scheme, Target: target, Query: query, text: withQuery(string(f.scheme)+"://"+target, query)}, nil
}

func parseSimulator(rest string) (Address, error) {
	_, query, _ := strings.Cut(rest, "?")
	values, _ := url.ParseQuery(query) // the simulator checks the rest
	if via := values.Get("via"); values.Has("via") && !isOneOf("port", "bus", "doip")(via) {
		return Address{}, bad("sim:"+rest, "via is port, bus or doip")
	}
	return Address{Scheme: Simulator, Target: rest, Query: values, text: "sim:" + rest}, nil
}

func word(pattern string) func(string) (string, bool) {
	whole := regexp.MustCompile("^(?:" + pattern + ")$")
	return func(s string) (string, bool) { return s, whole.MatchString(s) }
}

func device(s string) (string, bool) {
	if isCOM(s) {
		return strings.ToUpper(strings.TrimPrefix(s, `\\.\`)), true
	}
	return s, s != "" && s != "/"
}

func hostPort(port string) func(string) (string, bool) {
	return func(s string) (string, bool) {
		s = strings.TrimSuffix(s, "/")
		if s == "" {
			return "", true
		}
		host, given, err := net.SplitHostPort(s)
		if err != nil {
			host, given = strings.Trim(s, "[]"), port
		}
		return net.JoinHostPort(host, given), isHost(host) && isPort(given)
	}
}

var bluetoothAddress = regexp.MustCompile(`^(?i:[0-9A-F]{2}(:[0-9A-F]{2}){5})$`)

func bluetoothOrName(s string) (string, bool) {
	if bluetoothAddress.MatchString(s) {
		s = strings.ToUpper(s)
	}
	return s, len(s) <= 64
}

func rfcommTarget(s string) (string, bool) {
	address, channel, given := strings.Cut(s, "/")
	ok := bluetoothAddress.MatchString(address) && (!given || isNumber(1, 30)(channel))
	return strings.ToUpper(s), ok
}

func j2534Target(s string) (string, bool) {
	if s == "" {
		s = "auto"
	}
	return s, len(s) <= 200
}

func isSwitch(s string) bool { return s == "0" || s == "1" }
func isText(s string) bool   { return s != "" && len(s) <= 260 }

func isOneOf(words ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(words, s) }
}

func isNumber(least, most int) func(string) bool {
	return func(s string) bool {
		n, err := strconv.Atoi(s)
		return err == nil && n >= least && n <= most
	}
}

func isHex(digits int) func(string) bool {
	return func(s string) bool {
		_, err := strconv.ParseUint(s, 16, 64)
		return err == nil && len(s) <= digits
	}
}

func isPadding(s string) bool { return s == "off" || len(s) == 2 && isHex(2)(s) }

func isDuration(s string) bool {
	d, err := time.ParseDuration(s)
	return err == nil && d > 0 && d <= time.Minute
}
